"""Moves of an issue between statuses: which there are, and what stands in the way of one (SPEC section 4)."""

from __future__ import annotations

from dataclasses import dataclass

from sotctl.admission.derive import admissions
from sotctl.documents.evidence_record import passes
from sotctl.documents.issues import Bullet, Issue
from sotctl.documents.library import Library

NEEDS_REASON = frozenset({"blocked", "rejected", "superseded"})
UNBLOCKED = frozenset({"ready", "in_progress", "validated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that stands in the way of a move: where it is written, what it is, and the command that meets it."""

    path: str
    line: int
    message: str
    fix: str


def allowed_moves(library: Library, issue: Issue) -> tuple[str, ...]:
    """The statuses that the table lets an issue move to, obstacles aside."""
    return library.policy.moves.get(issue.status, ())


def needs_reason(issue: Issue, to: str) -> bool:
    """Whether a move must say why: to blocked, rejected or superseded, and from validated."""
    return to in NEEDS_REASON or issue.status == "validated"


def obstacles(library: Library, issue: Issue, to: str) -> list[Obstacle]:
    """Everything that stands in the way of moving an issue to a status that the table allows, in order of line."""
    if to not in UNBLOCKED:
        return []
    found = []
    if issue.status == "blocked":
        found += [open_ for bullet in issue.blocked_by if (open_ := _open_blocker(library, issue, bullet))]
    return found + _unmet_effect(library, issue)


def _open_blocker(library: Library, issue: Issue, bullet: Bullet) -> Obstacle | None:
    if bullet.settled:
        return None
    unblock = f"sotctl issue unblock {issue.id} {bullet.number} --because TEXT"
    others = {name: library.find_issue(name) for name in bullet.names if name != issue.id}
    known = {name: found[1] for name, found in others.items() if found}
    if others and len(known) == len(others):
        waiting = [other for other in known.values() if other.status != "validated"]
        if not waiting:
            return None
        statuses = ", ".join(f"{other.id} is {other.status}" for other in waiting)
        unblock = f"sotctl issue show {waiting[0].id}, or {unblock}"
        return Obstacle(path=issue.path, line=bullet.line, message=f"{statuses}: {bullet.text}", fix=unblock)
    return Obstacle(path=issue.path, line=bullet.line, message=bullet.text, fix=unblock)


def _unmet_effect(library: Library, issue: Issue) -> list[Obstacle]:
    """The effect of a decision template: an admission in force, and evidence of a pass with that very admission."""
    kind = library.templates.deciding(issue.id)
    if kind is None or library.templates.schema(kind).annotation("x-derives") is None:
        return []
    records = {record.id: record for record in library.records(issue.id) if record.is_approved}
    in_force = [
        found for found in admissions(library) if found.is_in_force and found.text("decision_record") in records
    ]
    if not in_force:
        message = f"no admission is in force for {issue.id}"
        return [Obstacle(path=issue.path, line=issue.line, message=message, fix=f"sotctl decide {issue.id}")]
    digests = {admission.sha256 for admission in in_force}
    if any(record.text("admission_sha256") in digests for record in passes(library, issue.id)):
        return []
    message = f"no evidence record shows a Stage 2 pass with the admission of {'/'.join(in_force[0].pair)}"
    fix = f"sotctl evidence record RUN_DIR --issue {issue.id}"
    return [Obstacle(path=in_force[0].path, line=1, message=message, fix=fix)]
