"""A verified run becomes an evidence record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sotctl.admissions.derive import admissions
from sotctl.decisions.planning import require_issue
from sotctl.documents import layout
from sotctl.documents.edits import header
from sotctl.documents.evidence_record import KIND
from sotctl.documents.new_header import new_header
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, UsageError
from sotctl.evidence.report import Identity, Report
from sotctl.evidence.verify import Verified
from sotctl.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A packed run: where it lies, and its digest."""

    location: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRecord:
    """A record that is about to be written, and the issue that it is evidence for."""

    issue: str
    plan: Plan


def plan_record(
    snapshot: Snapshot,
    asked_issue: str | None,
    verified: Verified,
    *,
    folder: str,
    now: datetime,
    pack: Pack | None = None,
) -> PlannedRecord:
    """Plan to record a verified pass; *folder* is the run directory, *asked_issue* what the caller named.

    Raises:
        SotError: There is no such issue.
        UsageError: The admission names no issue and none was given, or another one was given.
        BlockedError: The run is not a verified pass, or was not started with an admission that is in force here.
    """
    report = _require_pass(verified, folder)
    issue_id = issue_of(snapshot, report, asked_issue)
    document, _ = require_issue(snapshot, issue_id)
    _require_terms(snapshot, verified, report, issue_id, folder)
    path = f"{snapshot.store}/{layout.EVIDENCE}/{report.run_id}.md"
    if snapshot.tree.read(path) is not None:
        raise BlockedError(f"{path} records this run already", hint=Command("sotctl evidence list"))
    governed = new_header(
        f"Stage 2 pass of {report.case_model_provider}/{report.case_model}",
        status="validated",
        policy=snapshot.policy,
        owner=document.document.text("owner"),
        route=document.document.text("route"),
        now=now,
    )
    values = {**governed, **_values(report, verified.report_sha256, issue_id, pack)}
    body = snapshot.templates.body(KIND).safe_substitute(values)
    message = (
        f"{issue_id}: record the Stage 2 pass of {values['provider']}/{values['model']}\n\nRun: {values['run_id']}\n"
    )
    data = f"{header(values)}\n{body}".encode()
    return PlannedRecord(issue=issue_id, plan=Plan(files={path: data}, before={path: None}, message=message))


def _require_pass(verified: Verified, folder: str) -> Report:
    if not verified.is_pass:
        reason = verified.findings[0].message if verified.findings else f"its result is {verified.result or 'unknown'}"
        raise BlockedError(f"the run is not evidence: {reason}", hint=Command(f"sotctl evidence verify {folder}"))
    if verified.report is None:
        message = f"a run of {verified.type} is not recorded any more: its logs could be written by the program itself"
        raise BlockedError(message, hint="run it again: sotctl stage2 run --help")
    return verified.report


def issue_of(snapshot: Snapshot, report: Report, asked: str | None) -> str:
    """The issue that a run is evidence for: that of its admission's decision record.

    Raises:
        UsageError: The admission names none and none was asked for, or another one was.
    """
    found = next((one for one in admissions(snapshot) if one.sha256 == report.admission_sha256), None)
    own = found.issue if found else ""
    if own and asked and asked != own:
        raise UsageError(f"the run is evidence for {own}, whose decision admitted the pair, not for {asked}")
    if issue := own or asked:
        return issue
    message = "nothing here says for which issue the run is evidence: its admission has no `decision_record`"
    raise UsageError(message, hint="give --issue ID")


def _require_terms(snapshot: Snapshot, verified: Verified, report: Report, issue_id: str, folder: str) -> None:
    """Check a pass against the requirements of the store."""
    in_force = (found for found in admissions(snapshot) if found.is_in_force and found.issue in ("", issue_id))
    if report.admission_sha256 not in {found.sha256 for found in in_force}:
        raise BlockedError(
            f"the run was started with another admission than the one in force for {issue_id}",
            hint=Command("sotctl admission list"),
        )
    network = report.network
    if strange := set(network.hosts) - set(snapshot.policy.networks.get(network.class_ or "", ())):
        message = f"the run could reach {min(strange)}, which the network class {network.class_} does not name"
        raise BlockedError(message, hint="[networks] in sot.toml")
    if snapshot.policy.evidence_isolation == "optional":
        return
    allow = 'or commit `[evidence] isolation = "optional"` in sot.toml'
    if not report.is_isolated:
        message = "the run was made without isolation, so nothing shows that nothing else was used"
        raise BlockedError(message, hint=f"run it again without --no-isolation, {allow}")
    if not verified.tests_were_run:
        message = "the harness's tests were not run again: there is no sandbox here for what a model wrote"
        raise BlockedError(message, hint=f"record it where bubblewrap works, {allow}")


def _values(report: Report, report_sha256: str, issue_id: str, pack: Pack | None) -> dict[str, str]:
    backend = report.backend
    optional = {
        "backend_commit": f"{backend.commit}{' with changes' if backend.dirty else ''}" if backend.commit else "",
        "location": pack.location if pack else "",
        "pack_sha256": pack.sha256 if pack else "",
    }
    return {
        "issue": issue_id,
        "run_id": report.run_id,
        "run_directory": report.run_directory,
        "result": "pass",
        "provider": report.case_model_provider or "",
        "model": report.case_model or "",
        "admission_sha256": report.admission_sha256 or "",
        "report_sha256": report_sha256,
        "backend": describe(backend),
        "backend_sha256": backend.entry_sha256,
        "isolation": report.isolation,
        **{name: value for name, value in optional.items() if value},
    }


def describe(backend: Identity) -> str:
    """A program in a few words: the backend, and what its files say that it is."""
    if not backend.program:
        return f"{backend.name} (a program without a package.json)"
    return f"{backend.name} ({backend.program} {backend.version})".replace(" )", ")")
