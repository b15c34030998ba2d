"""The one command that brings an issue further, which works as it is printed."""

from __future__ import annotations

from pathlib import Path

from sotctl.admissions.derive import admissions
from sotctl.app.acceptance import unmet_acceptance
from sotctl.app.next_run import next_for_run
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.issues.moves import allowed_moves, open_blockers, unmet_effect, unread_lists


def next_step(snapshot: Snapshot, issue: Issue, top: Path) -> Command:
    """What to do next about an issue: clear, decide, run, accept, or move it. *top* is the top of the work tree."""
    show = Command(f"sotctl issue show {issue.id}")
    if issue.status not in ("blocked", "ready", "in_progress") or unread_lists(issue):
        return show
    if issue.status == "blocked" and open_blockers(snapshot, issue):
        return Command(f"sotctl issue unblock {issue.id}")
    if unmet_effect(snapshot, issue):
        return _admit_or_run(snapshot, issue, top)
    has_open = bool(unmet_acceptance(snapshot, issue))
    if issue.acceptance and not has_open and "validated" in allowed_moves(snapshot, issue):
        return Command(f"sotctl issue status {issue.id} validated")
    if has_open and issue.id in snapshot.templates.admitting():
        return Command(f"sotctl issue accept {issue.id}")
    return Command(f"sotctl issue status {issue.id}")


def _admit_or_run(snapshot: Snapshot, issue: Issue, top: Path) -> Command:
    in_force = (found for found in admissions(snapshot) if found.is_in_force and found.issue == issue.id)
    admission = next(in_force, None)
    return next_for_run(admission, snapshot.policy, top) if admission else Command(f"sotctl decide {issue.id}")
