"""A verified run becomes an evidence record."""

from __future__ import annotations

from datetime import datetime

from sotctl.admissions.derive import admissions
from sotctl.decisions.planning import require_issue
from sotctl.documents import layout
from sotctl.documents.edits import header
from sotctl.documents.evidence_record import KIND
from sotctl.documents.new_header import new_header
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command
from sotctl.evidence.verify import Verified
from sotctl.plan import Plan


def plan_record(snapshot: Snapshot, issue_id: str, verified: Verified, *, folder: str, now: datetime) -> Plan:
    """Plan to record a verified pass for an issue; *folder* is the run directory.

    Raises:
        SotError: There is no such issue.
        BlockedError: The run is no verified pass, or was not started with an admission that is in force here.
    """
    document, _ = require_issue(snapshot, issue_id)
    report = verified.report
    if not verified.is_pass:
        reason = verified.findings[0].message if verified.findings else f"its result is {report.get('result')}"
        raise BlockedError(f"the run is no evidence: {reason}", hint=Command(f"sotctl evidence verify {folder}"))
    digests = {found.sha256 for found in admissions(snapshot) if found.is_in_force and found.issue == issue_id}
    if report["admission_sha256"] not in digests:
        raise BlockedError(
            f"the run was started with another admission than the one in force for {issue_id}",
            hint=Command("sotctl admission list"),
        )
    network = report["network"]
    if strange := set(network["hosts"]) - set(snapshot.policy.networks.get(network["class"], ())):
        message = f"the run could reach {min(strange)}, which the network class {network['class']} does not name"
        raise BlockedError(message, hint="[networks] in sot.toml")
    path = f"{snapshot.store}/{layout.EVIDENCE}/{report['run_id']}.md"
    if snapshot.tree.read(path) is not None:
        raise BlockedError(f"{path} records this run already", hint=Command("sotctl evidence list"))
    governed = new_header(
        f"Stage 2 pass of {report['case_model_provider']}/{report['case_model']}",
        status="validated",
        policy=snapshot.policy,
        owner=document.document.text("owner"),
        route=document.document.text("route"),
        now=now,
    )
    values = {
        **governed,
        "issue": issue_id,
        "run_id": report["run_id"],
        "run_directory": report["run_directory"],
        "result": "pass",
        "provider": report["case_model_provider"],
        "model": report["case_model"],
        "admission_sha256": report["admission_sha256"],
        "report_sha256": verified.report_sha256,
    }
    body = snapshot.templates.body(KIND).safe_substitute(values)
    message = (
        f"{issue_id}: record the Stage 2 pass of {values['provider']}/{values['model']}\n\nRun: {values['run_id']}\n"
    )
    data = f"{header(values)}\n{body}".encode()
    return Plan(files={path: data}, before={path: None}, message=message)
