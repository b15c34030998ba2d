"""Recomputes a run of v1 from its files and compares that with its report, without trusting the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotctl.admissions.admission import Admission, parse_admission
from sotctl.digests import sha256
from sotctl.errors import Command
from sotctl.evidence import files as places
from sotctl.evidence.files import LineError, RunFiles, artifacts
from sotctl.evidence.reasons import EXPLANATIONS
from sotctl.evidence.trace import parse_trace, trace_problems
from sotctl.evidence.values import to_json
from sotctl.evidence.verify import Verified
from sotctl.findings import Finding, RejectedError, at, in_order
from sotctl.gate.case_config import config_bytes
from sotctl.gate.verdict import block_head
from sotctl.stage2 import isolation
from sotctl.stage2.agents.case import places as own
from sotctl.stage2.agents.case.projects import projects_bytes
from sotctl.stage2.agents.case.v1.conditions import (
    NOT_RUN,
    FixtureResult,
    Use,
    baseline_of,
    in_weight,
    problems,
    read_use,
    status_of,
    terms_of,
)
from sotctl.stage2.agents.case.v1.markdown import to_markdown
from sotctl.stage2.agents.case.v1.reports import CONSTANT, TYPE, core_sha256, decode, lack
from sotctl.stage2.agents.case.v1.use import used
from sotctl.stage2.rundir import DiskRun
from sotctl.stage2.scan import scan_run
from sotctl.stage2.tasks import TASKS, Task
from sotctl.stage2.testing import run_tests

SEEN_ONCE = frozenset(
    {
        "admission-changed",
        "backend-not-started",
        "disk-quota",
        "interrupted",
        "killed-by-signal",
        "output-truncated",
        "recording-failed",
        "secret-found",
        "timeout",
    }
)
"""Reasons that only the run itself could see; a report that names one must not say `pass`."""

HANDED_ON, UNREADABLE = "handed-on-value", "unreadable-file"
"""Scan results for a value passed by name, and for an unreadable file: they can be known only where the run was made.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """What was done again outside of the pure core: the tests in a copy, the scan, and the task's digests.

    `backend` and `task_id` are those used; a report that names others is not verified by this.
    """

    backend: str
    task_id: str
    tests: Mapping[str, FixtureResult]
    scan: Mapping[str, Any]
    task_sha256: str
    tree_sha256: str
    projects: Callable[[str], bytes]


def verify(files: RunFiles, name: str, recomputed: Recomputed) -> list[Finding]:
    """Every difference between the run directory of that name and its report."""
    data = files.read(places.REPORT)
    report = decode(data) if data is not None else None
    if report is None:
        return [_finding("evidence-report-broken", "the report is not one as it is written")]
    if missing := lack(report):
        return [_finding("evidence-report-broken", f"the report lacks what it must hold: `{missing}`")]
    return [
        *_artifact_findings(files, report),
        *_trace_findings(files, report, name),
        *_content_findings(files, report, recomputed),
    ]


def _artifact_findings(files: RunFiles, report: Mapping[str, Any]) -> Iterator[Finding]:
    listed = {entry["path"]: entry["sha256"] for entry in report["artifacts"]}
    there = {entry["path"]: entry["sha256"] for entry in artifacts(files)}
    for path in sorted(listed.keys() | there.keys()):
        if path not in there:
            yield _finding("evidence-artifact-missing", f"{path} is listed in the report and missing", path)
        elif path not in listed:
            yield _finding("evidence-artifact-unlisted", f"{path} is there and not listed in the report", path)
        elif listed[path] != there[path]:
            yield _finding("evidence-artifact-changed", f"{path} is not what the report says", path)
    if [entry["path"] for entry in report["artifacts"]] != sorted(listed):
        yield _finding("evidence-report-differs", "the artifacts are listed twice or out of order")


def _trace_findings(files: RunFiles, report: Mapping[str, Any], name: str) -> Iterator[Finding]:
    data = files.read(places.TRACE) or b""
    for problem in trace_problems(data, run_id=name):
        yield _finding("evidence-trace-broken", problem.message, places.TRACE)
    try:
        last = parse_trace(data)[-1]
    except (LineError, IndexError):
        return
    expected = {"result": report["result"], "reason": report["reason"], "report_core_sha256": core_sha256(dict(report))}
    for key, value in expected.items():
        if last.get(key) != value:
            yield _finding(
                "evidence-trace-broken", f"the trace ends with another `{key}` than the report", places.TRACE
            )
    if report["run_id"] != name or not str(report["run_directory"]).endswith(f"/{name}"):
        yield _finding("evidence-report-differs", f"the report is that of {report['run_id']}, the directory is {name}")
    if files.read(places.MARKDOWN) != to_markdown(dict(report)).encode("utf-8", "backslashreplace"):
        yield _finding("evidence-report-differs", "report.md does not say what report.json says", places.MARKDOWN)


def _content_findings(files: RunFiles, report: Mapping[str, Any], recomputed: Recomputed) -> Iterator[Finding]:
    blocked = report["result"] == "blocked"
    if report["backend"] != recomputed.backend:
        yield _finding("evidence-report-differs", "`backend` names none that is known here")
    task = {"task_id": recomputed.task_id, "task_sha256": recomputed.task_sha256}
    yield from _differences(report, {**task, **CONSTANT})
    if blocked:
        yield from _blocked_findings(files, report)
        return
    try:
        admission = parse_admission(places.ADMISSION, files.read(places.ADMISSION) or b"")
    except RejectedError as error:
        yield _finding("evidence-admission-broken", f"the admission: {error.message}", places.ADMISSION)
        return
    use = read_use(files, recomputed.task_id)
    yield from _differences(report, _expected(files, report, admission, use))
    yield from _outcome_findings(files, report, admission, use, recomputed)


def _expected(files: RunFiles, report: Mapping[str, Any], admission: Admission, use: Use) -> dict[str, Any]:
    """What the report must say, worked out from the other files."""
    config, models = files.read(own.CONFIG), files.read(own.MODELS)
    provider, model = admission.pair
    return {
        "case_model_provider": provider,
        "case_model": model,
        "requested": {"provider": provider, "model": model},
        "admission_sha256": admission.sha256,
        "approval_source": admission.text("approval_source"),
        "used": used(use.log.spawns, use.requests),
        "use_evidence": "recorder" if use.requests else "stderr_only",
        "config_sha256": {
            "before": sha256(config_bytes(*admission.pair)),
            "after": sha256(config) if config is not None else None,
        },
        "models_sha256": {**report["models_sha256"], "after": sha256(models) if models is not None else None},
    }


def _outcome_findings(
    files: RunFiles, report: Mapping[str, Any], admission: Admission, use: Use, recomputed: Recomputed
) -> Iterator[Finding]:
    terms = terms_of(
        admission,
        hosts=report["network"]["hosts"],
        run_dir=report["run_directory"],
        projects=recomputed.projects(report["run_directory"]),
        models_sha256=report["models_sha256"]["before"] or "",
    )
    found = in_weight(problems(files, use, terms, recomputed.tests))
    again = [{"reason": problem.reason, "message": problem.message} for problem in found]
    said = [problem for problem in report["problems"] if problem["reason"] not in SEEN_ONCE]
    if again != said:
        reasons = ", ".join(sorted({problem["reason"] for problem in again})) or "none"
        yield _finding("evidence-judgement-differs", f"computed again, the problems of the run are: {reasons}")
    if report["result"] not in ("pass", "fail") or (report["result"] == "pass") != (not report["problems"]):
        yield _finding("evidence-judgement-differs", "the result does not follow from the problems")
    elif report["problems"] and report["reason"] != report["problems"][0]["reason"]:
        yield _finding("evidence-judgement-differs", "the reason is not the first of the problems")
    if report["case_model_admission_status"] != status_of(found):
        yield _finding("evidence-judgement-differs", "the admission status is not the one that the run shows")
    if not admission.is_in_force or admission.text("allowed_network_class") != report["network"]["class"]:
        yield _finding("evidence-report-differs", "the admission was not in force, or is for another network class")
    yield from _comparison_findings(report, use, recomputed)


def _comparison_findings(report: Mapping[str, Any], use: Use, recomputed: Recomputed) -> Iterator[Finding]:
    baseline = baseline_of(
        report["run_id"],
        recomputed.tests,
        task_sha256=recomputed.task_sha256,
        tree_sha256=recomputed.tree_sha256,
    )
    case = {"run_id": use.log.run_id, "outcome": use.log.outcome}
    yield from _differences(report, {"baseline": baseline})
    yield from _differences(report["case"], case)
    again, said = (
        [found for found in findings if found["rule"] not in (HANDED_ON, UNREADABLE)]
        for findings in (recomputed.scan["findings"], report["secret_scan"]["findings"])
    )
    if bool(again) != bool(said) or (report["result"] == "pass" and report["secret_scan"]["findings"]):
        yield _finding("evidence-secret", f"scanned again, the run holds {len(again)} secrets")


def _blocked_findings(files: RunFiles, report: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that a blocked run has its block file, and nothing that a process could have left."""
    text = (files.read(places.BLOCK) or b"").decode("utf-8", "replace")
    status, reason = report["case_model_admission_status"], report["reason"]
    if not text.startswith(block_head(status, reason)):
        yield _finding("evidence-report-differs", "the block file does not say what the report says", places.BLOCK)
    for path in (own.STDOUT, own.STDERR, places.REQUESTS, places.EVENTS, own.CONFIG):
        if files.read(path) is not None:
            yield _finding("evidence-report-differs", f"the run was blocked, and there is {path}", path)


def _differences(report: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Finding]:
    for key, value in expected.items():
        if report.get(key) != value:
            yield _finding("evidence-report-differs", f"`{key}` is not what the files of the run give")


def _finding(rule: str, message: str, path: str = places.REPORT) -> Finding:
    return Finding(rule=EXPLANATIONS[rule], location=at(path), message=message, fix=Command(f"sotctl explain {rule}"))


def verify_run(folder: Path, data: bytes) -> Verified:
    """Verify a run directory of v1; without a sandbox its tests are not run again, and the report's results stand."""
    on_disk = DiskRun(folder)
    said = json.loads(data)
    task = TASKS.get(str(said.get("task_id")), TASKS["string-slugify"])
    ran = on_disk.read(own.CONFIG) is not None
    tests, again = _tests(folder, said, task, ran=ran)
    found = to_json(scan_run(on_disk, (), ()))
    recomputed = Recomputed(
        backend="case",
        task_id=task.id,
        tests=tests,
        scan=found,
        task_sha256=task.sha256,
        tree_sha256=task.tree_sha256,
        projects=lambda run_dir: projects_bytes(run_dir, task),
    )
    findings = [*verify(on_disk, folder.name, recomputed), *_odd(on_disk)]
    return Verified(
        type=TYPE,
        run_id=folder.name,
        result=str(said.get("result")),
        reason=str(said.get("reason")),
        message=str(said.get("message")),
        report=None,
        report_sha256=sha256(data),
        findings=tuple(in_order(findings)),
        tests_were_run=again,
    )


def _tests(folder: Path, said: Mapping[str, Any], task: Task, *, ran: bool) -> tuple[dict[str, FixtureResult], bool]:
    if not ran:  # a blocked run has no fixtures
        return {"real": NOT_RUN, "fake": NOT_RUN}, True
    if isolation.unavailable():
        try:
            baseline = said["baseline"]
            read = {
                name: FixtureResult(before=baseline[name]["passed_before"], after=baseline[name]["passed_after"])
                for name in ("real", "fake")
            }
        except (KeyError, TypeError):
            return {"real": NOT_RUN, "fake": NOT_RUN}, False
        return read, False
    found = run_tests(folder, task)
    return {name: FixtureResult(before=one.passed_before, after=one.passed_after) for name, one in found.items()}, True


def _odd(on_disk: DiskRun) -> Iterator[Finding]:
    for path in on_disk.strange():
        yield _finding("evidence-odd-file", f"{path} is a link, a pipe, a socket or a device", path)
