"""Compares a report with what is computed again from the files of its run, without trusting the report."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sotctl.digests import sha256
from sotctl.errors import Command
from sotctl.evidence import files as places
from sotctl.evidence.compute import Facts, compute
from sotctl.evidence.files import LineError, RunFiles, artifacts, json_lines
from sotctl.evidence.markdown import to_markdown
from sotctl.evidence.reasons import EXPLANATIONS
from sotctl.evidence.report import BLOCKED, PASS, Artifact, Report, core_sha256
from sotctl.evidence.trace import trace_problems
from sotctl.evidence.values import to_json
from sotctl.findings import Finding, RejectedError, in_order
from sotctl.gate.verdict import block_head

_OUTCOME_FIELDS = frozenset({"result", "reason", "message", "problems", "case_model_admission_status", "next"})
_BLOCKED = frozenset({places.BLOCK, places.ADMISSION, places.TRACE, places.REPORT, places.MARKDOWN})
"""The files of a blocked run; any other one could have been left by a process."""


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
        findings=(finding("evidence-report-broken", message),),
        tests_were_run=False,
    )


def verify(
    files: RunFiles, name: str, data: bytes, report: Report, facts: Facts, *, tests_were_run: bool, now: datetime
) -> Verified:
    """Verify the run directory of that name; *data* are the bytes of the report."""
    last = {"result": report.result, "reason": report.reason, "report_core_sha256": core_sha256(report)}
    found = [
        *artifact_findings(files, report.artifacts),
        *trace_findings(files, name, last, now),
        *name_findings(name, report.run_id, report.run_directory),
        *markdown_findings(files, to_markdown(report)),
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


def artifact_findings(files: RunFiles, listed_files: Sequence[Artifact]) -> Iterator[Finding]:
    """What differs between the files and their list in the report, and what no run may hold."""
    listed = {entry.path: entry.sha256 for entry in listed_files}
    there = {entry["path"]: entry["sha256"] for entry in artifacts(files)}
    for path in sorted(listed.keys() | there.keys()):
        if path not in there:
            yield finding("evidence-artifact-missing", f"{path} is listed in the report and missing", path)
        elif path not in listed:
            yield finding("evidence-artifact-unlisted", f"{path} is there and not listed in the report", path)
        elif listed[path] != there[path]:
            yield finding("evidence-artifact-changed", f"{path} is not what the report says", path)
    if [entry.path for entry in listed_files] != sorted(listed):
        yield finding("evidence-report-differs", "the artifacts are listed twice or out of order")
    for path in files.strange():
        yield finding("evidence-odd-file", f"{path} is a link, a pipe, a socket or a device", path)


def trace_findings(files: RunFiles, name: str, last: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """What is wrong with the trace of the run of that name, whose last line must hold *last*."""
    data = files.read(places.TRACE) or b""
    for problem in trace_problems(data, run_id=name):
        yield finding("evidence-trace-broken", problem.message, places.TRACE)
    try:
        ends = list(json_lines(data))[-1]
        ended_at = datetime.fromisoformat(str(ends.get("ts")))
    except (LineError, IndexError, ValueError):
        return
    for key, value in last.items():
        if ends.get(key) != value:
            message = f"the trace ends with another `{key}` than the report"
            yield finding("evidence-trace-broken", message, places.TRACE)
    if ended_at.tzinfo is None or ended_at > now:
        yield finding("evidence-trace-broken", "the trace ends in the future", places.TRACE)


def name_findings(name: str, run_id: str, run_directory: str) -> Iterator[Finding]:
    """Whether a report is that of the run directory in which it lies."""
    if run_id != name or not run_directory.endswith(f"/{name}"):
        yield finding("evidence-report-differs", f"the report is that of {run_id}, the directory is {name}")


def markdown_findings(files: RunFiles, expected: str) -> Iterator[Finding]:
    """Whether `report.md` says what `report.json` says."""
    if files.read(places.MARKDOWN) != expected.encode("utf-8", "backslashreplace"):
        yield finding("evidence-report-differs", "report.md does not say what report.json says", places.MARKDOWN)


def _computed_findings(files: RunFiles, report: Report, facts: Facts) -> Iterator[Finding]:
    """Compute the report again and compare it field by field."""
    if report.result == BLOCKED:
        yield from block_findings(files, report.case_model_admission_status, report.reason)
        for path in set(files.paths()) - _BLOCKED:
            yield finding("evidence-report-differs", f"the run was blocked, and there is {path}", path)
    try:
        again = compute(files, report, facts)
    except RejectedError as error:
        yield finding("evidence-admission-broken", f"the admission: {error.message}", places.ADMISSION)
        return
    for field in dataclasses.fields(Report):
        said, computed = getattr(report, field.name), getattr(again, field.name)
        if field.name != "artifacts" and said != computed:
            yield _difference(field.name, computed)


def _difference(name: str, computed: object) -> Finding:
    if name == "secret_scan":
        return finding("evidence-secret", "scanned again, the run holds other findings than the report says")
    rule = "evidence-judgement-differs" if name in _OUTCOME_FIELDS else "evidence-report-differs"
    if name == "problems":
        reasons = ", ".join(sorted(cause["reason"] for cause in to_json(computed))) or "none"
        return finding(rule, f"computed again, the problems of the run are: {reasons}")
    return finding(rule, f"`{name}` is not what the files of the run give")


def block_findings(files: RunFiles, status: str, reason: str) -> Iterator[Finding]:
    """Whether a blocked run has its block file."""
    text = (files.read(places.BLOCK) or b"").decode("utf-8", "replace")
    if not text.startswith(block_head(status, reason)):
        yield finding("evidence-report-differs", "the block file does not say what the report says", places.BLOCK)


def finding(rule: str, message: str, path: str = places.REPORT) -> Finding:
    """A finding of a rule of the evidence, by its id."""
    return EXPLANATIONS[rule].finding(path, message, Command(f"sotctl explain {rule}"))
