"""Compares a report with what is computed again from the files of its run, without trusting the report."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sotctl.digests import sha256
from sotctl.errors import Command
from sotctl.evidence import files as places
from sotctl.evidence.compute import Facts, compute
from sotctl.evidence.files import LineError, RunFiles, artifacts
from sotctl.evidence.markdown import to_markdown
from sotctl.evidence.reasons import EXPLANATIONS
from sotctl.evidence.report import BLOCKED, PASS, Report, core_sha256
from sotctl.evidence.trace import parse_trace, trace_problems
from sotctl.evidence.values import to_json
from sotctl.findings import Finding, RejectedError, at, in_order
from sotctl.gate.verdict import block_head

_OUTCOME_FIELDS = frozenset({"result", "reason", "message", "problems", "case_model_admission_status", "next"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The result of verifying a run: its report, and everything that differs from it.

    `report` is None where it cannot be read, and for a run of v1. `tests_were_run` says whether the harness's tests
    were run again; they need a sandbox.
    """

    type: str
    run_id: str
    result: str
    reason: str
    message: str
    report: Report | None
    report_sha256: str
    findings: tuple[Finding, ...]
    tests_were_run: bool

    @property
    def is_pass(self) -> bool:
        """Whether the run passed, and nothing is wrong with its evidence."""
        return not self.findings and self.result == PASS


def broken(data: bytes | None, message: str, name: str) -> Verified:
    """A run whose report cannot be read."""
    return Verified(
        type="",
        run_id=name,
        result="",
        reason="",
        message="",
        report=None,
        report_sha256=sha256(data or b""),
        findings=(_finding("evidence-report-broken", message),),
        tests_were_run=False,
    )


def verify(
    files: RunFiles, name: str, data: bytes, report: Report, facts: Facts, *, tests_were_run: bool, now: datetime
) -> Verified:
    """Verify the run directory of that name; *data* are the bytes of the report."""
    found = [
        *_artifact_findings(files, report),
        *_trace_findings(files, report, name, now),
        *_computed_findings(files, report, facts),
    ]
    return Verified(
        type=report.type,
        run_id=name,
        result=report.result,
        reason=report.reason,
        message=report.message,
        report=report,
        report_sha256=sha256(data),
        findings=tuple(in_order(found)),
        tests_were_run=tests_were_run,
    )


def _artifact_findings(files: RunFiles, report: Report) -> Iterator[Finding]:
    listed = {entry.path: entry.sha256 for entry in report.artifacts}
    there = {entry["path"]: entry["sha256"] for entry in artifacts(files)}
    for path in sorted(listed.keys() | there.keys()):
        if path not in there:
            yield _finding("evidence-artifact-missing", f"{path} is listed in the report and missing", path)
        elif path not in listed:
            yield _finding("evidence-artifact-unlisted", f"{path} is there and not listed in the report", path)
        elif listed[path] != there[path]:
            yield _finding("evidence-artifact-changed", f"{path} is not what the report says", path)
    if [entry.path for entry in report.artifacts] != sorted(listed):
        yield _finding("evidence-report-differs", "the artifacts are listed twice or out of order")
    for path in files.strange():
        yield _finding("evidence-odd-file", f"{path} is a link, a pipe, a socket or a device", path)


def _trace_findings(files: RunFiles, report: Report, name: str, now: datetime) -> Iterator[Finding]:
    data = files.read(places.TRACE) or b""
    for problem in trace_problems(data, run_id=name):
        yield _finding("evidence-trace-broken", problem.message, places.TRACE)
    if report.run_id != name or not report.run_directory.endswith(f"/{name}"):
        yield _finding("evidence-report-differs", f"the report is that of {report.run_id}, the directory is {name}")
    if files.read(places.MARKDOWN) != to_markdown(report).encode("utf-8", "backslashreplace"):
        yield _finding("evidence-report-differs", "report.md does not say what report.json says", places.MARKDOWN)
    try:
        last = parse_trace(data)[-1]
        ended = datetime.fromisoformat(str(last.get("ts")))
    except (LineError, IndexError, ValueError):
        return
    expected = {"result": report.result, "reason": report.reason, "report_core_sha256": core_sha256(report)}
    for key, value in expected.items():
        if last.get(key) != value:
            message = f"the trace ends with another `{key}` than the report"
            yield _finding("evidence-trace-broken", message, places.TRACE)
    if ended.tzinfo is None or ended > now:
        yield _finding("evidence-trace-broken", "the trace ends in the future", places.TRACE)


def _computed_findings(files: RunFiles, report: Report, facts: Facts) -> Iterator[Finding]:
    """Compute the report again and compare it field by field."""
    if report.result == BLOCKED:
        yield from _blocked_findings(files, report)
    try:
        again = compute(files, report, facts)
    except RejectedError as error:
        yield _finding("evidence-admission-broken", f"the admission: {error.message}", places.ADMISSION)
        return
    for field in dataclasses.fields(Report):
        said, computed = getattr(report, field.name), getattr(again, field.name)
        if field.name != "artifacts" and said != computed:
            yield _difference(field.name, computed)


def _difference(name: str, computed: object) -> Finding:
    if name == "secret_scan":
        return _finding("evidence-secret", "scanned again, the run holds other findings than the report says")
    rule = "evidence-judgement-differs" if name in _OUTCOME_FIELDS else "evidence-report-differs"
    if name == "problems":
        reasons = ", ".join(sorted(cause["reason"] for cause in to_json(computed))) or "none"
        return _finding(rule, f"computed again, the problems of the run are: {reasons}")
    return _finding(rule, f"`{name}` is not what the files of the run give")


def _blocked_findings(files: RunFiles, report: Report) -> Iterator[Finding]:
    """Check that a blocked run has its block file, and nothing that a process could have left."""
    text = (files.read(places.BLOCK) or b"").decode("utf-8", "replace")
    if not text.startswith(block_head(report.case_model_admission_status, report.reason)):
        yield _finding("evidence-report-differs", "the block file does not say what the report says", places.BLOCK)
    known = {places.BLOCK, places.ADMISSION, places.TRACE, places.REPORT, places.MARKDOWN}
    for path in files.paths():
        if path not in known:
            yield _finding("evidence-report-differs", f"the run was blocked, and there is {path}", path)


def _finding(rule: str, message: str, path: str = places.REPORT) -> Finding:
    return Finding(rule=EXPLANATIONS[rule], location=at(path), message=message, fix=Command(f"sotctl explain {rule}"))
