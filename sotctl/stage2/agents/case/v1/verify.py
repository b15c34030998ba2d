"""Recomputes a run of v1 from its files and compares that with its report, without trusting the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sotctl.admissions.admission import Admission, parse_admission
from sotctl.digests import sha256
from sotctl.evidence import compute
from sotctl.evidence import files as places
from sotctl.evidence.causes import status_of
from sotctl.evidence.compute import baseline_of, used
from sotctl.evidence.report import NOT_RUN, Artifact, FixtureResult
from sotctl.evidence.values import to_json
from sotctl.evidence.verify import (
    Verified,
    artifact_findings,
    block_findings,
    broken,
    finding,
    markdown_findings,
    name_findings,
    trace_findings,
)
from sotctl.findings import Finding, RejectedError, in_order
from sotctl.gate.case_config import config_bytes
from sotctl.stage2 import isolation
from sotctl.stage2.agents.case.configuration import CONFIG, STDERR, projects_bytes
from sotctl.stage2.agents.case.v1.conditions import Use, problems, read_use
from sotctl.stage2.agents.case.v1.markdown import to_markdown
from sotctl.stage2.agents.case.v1.reports import CONSTANT, TYPE, core_sha256, decode, lack
from sotctl.stage2.agents.pi.models import MODELS
from sotctl.stage2.fixture import run_tests
from sotctl.stage2.rundir import DiskRun
from sotctl.stage2.scan import scan_run
from sotctl.stage2.tasks import TASKS, Task

SEEN_ONCE = compute.SEEN_ONCE | {"secret-found"}
"""Reasons that only the run itself could see; a report that names one must not say `pass`."""
_SCANNED_ONCE = ("handed-on-value", "unreadable-file")
"""Scan results for a value passed by name, and for an unreadable file: they can be known only where the run was made.
"""


def verify_run(folder: Path, data: bytes) -> Verified:
    """Verify a run directory of v1; without a sandbox its tests are not run again, and the report's results stand."""
    files, name, report = DiskRun(folder), folder.name, decode(data)
    if report is None:
        return broken(data, "the report is not as sotctl writes one", name)
    if missing := lack(report):
        return broken(data, f"the report lacks what it must hold: `{missing}`", name)
    task = TASKS.get(report["task_id"], TASKS["string-slugify"])
    tests, tests_were_run = _tests(folder, report, task)
    last = {"result": report["result"], "reason": report["reason"], "report_core_sha256": core_sha256(report)}
    listed = [Artifact(path=entry["path"], sha256=entry["sha256"]) for entry in report["artifacts"]]
    found = [
        *artifact_findings(files, listed),
        *trace_findings(files, name, last, datetime.now(UTC)),
        *name_findings(name, report["run_id"], report["run_directory"]),
        *markdown_findings(files, to_markdown(report)),
        *_differences(report, {"task_id": task.id, "task_sha256": task.sha256, **CONSTANT}),
        *(
            _blocked_findings(files, report)
            if report["result"] == "blocked"
            else _ran_findings(files, report, task, tests)
        ),
    ]
    return Verified(
        type=TYPE,
        run_id=name,
        result=report["result"],
        reason=report["reason"],
        message=report["message"],
        report=None,
        report_sha256=sha256(data),
        findings=tuple(in_order(found)),
        tests_were_run=tests_were_run,
    )


def _tests(folder: Path, report: Mapping[str, Any], task: Task) -> tuple[Mapping[str, FixtureResult], bool]:
    """The tests of both fixtures, and whether they were run again."""
    if DiskRun(folder).read(CONFIG) is None:  # a blocked run has no fixtures
        return {"real": NOT_RUN, "fake": NOT_RUN}, True
    if not isolation.unavailable():
        return run_tests(folder, task), True
    said = {name: report["baseline"][name] for name in ("real", "fake")}
    return {
        name: FixtureResult(passed_before=tests["passed_before"], passed_after=tests["passed_after"])
        for name, tests in said.items()
    }, False


def _blocked_findings(files: DiskRun, report: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that a blocked run has its block file, and nothing that a process would have left."""
    yield from block_findings(files, report["case_model_admission_status"], report["reason"])
    for path in (places.stream("case", "stdout"), STDERR, places.REQUESTS, places.EVENTS, CONFIG):
        if files.read(path) is not None:
            yield finding("evidence-report-differs", f"the run was blocked, and there is {path}", path)


def _ran_findings(
    files: DiskRun, report: Mapping[str, Any], task: Task, tests: Mapping[str, FixtureResult]
) -> Iterator[Finding]:
    try:
        admission = parse_admission(places.ADMISSION, files.read(places.ADMISSION) or b"")
    except RejectedError as error:
        yield finding("evidence-admission-broken", f"the admission: {error.message}", places.ADMISSION)
        return
    use = read_use(files, task.id)
    baseline = baseline_of(report["run_id"], task.sha256, task.tree_sha256, tests)
    yield from _differences(report, {**_expected(files, report, admission, use), "baseline": to_json(baseline)})
    yield from _differences(report["case"], {"run_id": use.account.run_id, "outcome": use.account.outcome})
    yield from _outcome_findings(files, report, admission, use, tests, task)
    yield from _scan_findings(files, report)


def _expected(files: DiskRun, report: Mapping[str, Any], admission: Admission, use: Use) -> dict[str, Any]:
    """What the report must say, worked out from the other files."""
    config, models = files.read(CONFIG), files.read(MODELS)
    provider, model = admission.pair
    return {
        "case_model_provider": provider,
        "case_model": model,
        "requested": {"provider": provider, "model": model},
        "admission_sha256": admission.sha256,
        "approval_source": admission.text("approval_source"),
        "used": to_json(tuple(used(use.account.spawns, use.requests))),
        "use_evidence": "recorder" if use.requests else "stderr_only",
        "config_sha256": {
            "before": sha256(config_bytes(*admission.pair)),
            "after": sha256(config) if config is not None else None,
        },
        "models_sha256": {**report["models_sha256"], "after": sha256(models) if models is not None else None},
    }


def _outcome_findings(
    files: DiskRun,
    report: Mapping[str, Any],
    admission: Admission,
    use: Use,
    tests: Mapping[str, FixtureResult],
    task: Task,
) -> Iterator[Finding]:
    found = problems(
        files,
        use,
        admission,
        hosts=report["network"]["hosts"],
        run_dir=report["run_directory"],
        projects=projects_bytes(report["run_directory"], task),
        models_sha256=report["models_sha256"]["before"] or "",
        tests=tests,
    )
    again = [{"reason": problem.reason, "message": problem.message} for problem in found]
    said = [problem for problem in report["problems"] if problem["reason"] not in SEEN_ONCE]
    if again != said:
        reasons = ", ".join(sorted({problem["reason"] for problem in again})) or "none"
        yield finding("evidence-judgement-differs", f"computed again, the problems of the run are: {reasons}")
    if report["result"] not in ("pass", "fail") or (report["result"] == "pass") != (not report["problems"]):
        yield finding("evidence-judgement-differs", "the result does not follow from the problems")
    elif report["problems"] and report["reason"] != report["problems"][0]["reason"]:
        yield finding("evidence-judgement-differs", "the reason is not the first of the problems")
    if report["case_model_admission_status"] != status_of(found):
        yield finding("evidence-judgement-differs", "the admission status is not the one that the run shows")
    if not admission.is_in_force or admission.text("allowed_network_class") != report["network"]["class"]:
        yield finding("evidence-report-differs", "the admission was not in force, or is for another network class")


def _scan_findings(files: DiskRun, report: Mapping[str, Any]) -> Iterator[Finding]:
    again = [found for found in scan_run(files, (), ()).findings if found.rule not in _SCANNED_ONCE]
    said = report["secret_scan"]["findings"]
    is_same = bool(again) == any(found["rule"] not in _SCANNED_ONCE for found in said)
    if not is_same or (report["result"] == "pass" and said):
        yield finding("evidence-secret", f"scanned again, the run holds {len(again)} secrets")


def _differences(report: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Finding]:
    for key, value in expected.items():
        if report.get(key) != value:
            yield finding("evidence-report-differs", f"`{key}` is not what the files of the run give")
