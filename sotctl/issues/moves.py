"""Moves of an issue between statuses: which exist, and the obstacles of each.

Source: docs/reference/issues.md.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass

from sotctl.admissions.derive import in_force
from sotctl.documents.evidence_record import pass_with
from sotctl.documents.issues import Bullet, Issue
from sotctl.documents.policy import DEFAULT_MOVES
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command

NEEDS_REASON = frozenset({"blocked", "rejected", "superseded"})
GIVEN_UP = frozenset({"rejected", "superseded"})
"""Statuses to which blockers do not matter; a status that a store adds is none of them."""

HELD = GIVEN_UP | {"draft", "blocked"}
"""Statuses in which no work goes on, so no effect has to be met."""

UNREADABLE = "blockers-unreadable"
"""The rule that an issue breaks whose lists cannot be read."""

UNREADABLE_FIX = (
    "write the label on a line of its own and each entry as a `- ` bullet: sotctl explain blockers-unreadable"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One obstacle of a move: where it is written, what it is, and the command that removes it."""

    path: str
    line: int
    message: str
    fix: str


def allowed_moves(snapshot: Snapshot, issue: Issue) -> tuple[str, ...]:
    """The statuses that the table lets an issue move to, obstacles aside."""
    return snapshot.policy.moves.get(issue.status, ())


def needs_reason(issue: Issue, to: str) -> bool:
    """Whether a move must say why: to blocked, rejected or superseded, and from validated or what may stand for it."""
    return to in NEEDS_REASON or issue.status == "validated" or issue.status not in DEFAULT_MOVES


def obstacles(snapshot: Snapshot, issue: Issue, to: str) -> list[Obstacle]:
    """The obstacles of moving an issue to a status that the table allows, in order of line."""
    if to in GIVEN_UP:
        return []
    found = unread_lists(issue)
    if issue.status == "blocked":
        found += [obstacle for _, obstacle in open_blockers(snapshot, issue)]
    return found + (unmet_effect(snapshot, issue) if to not in HELD else [])


def unread_lists(issue: Issue) -> list[Obstacle]:
    """The parts of an issue's lists that cannot be read, as obstacles."""
    return [
        Obstacle(path=issue.path, line=unread.line, message=unread.message, fix=UNREADABLE_FIX)
        for unread in issue.unreadable()
    ]


def obstacles_to_leave(snapshot: Snapshot, issue: Issue) -> list[Obstacle]:
    """The open blockers of a blocked issue as obstacles; empty for one that is not blocked."""
    return obstacles(snapshot, issue, "ready") if issue.status == "blocked" else []


def open_blockers(snapshot: Snapshot, issue: Issue) -> list[tuple[Bullet, Obstacle]]:
    """The blockers that nobody has cleared, without those that only name issues which are validated."""
    waiting = [bullet for bullet in issue.blocked_by if not bullet.settled]
    known = snapshot.known(name for bullet in waiting for name in bullet.names if name != issue.id)
    return [(bullet, open_) for bullet in waiting if (open_ := _open_blocker(known, issue, bullet))]


def _open_blocker(known: Mapping[str, Issue], issue: Issue, bullet: Bullet) -> Obstacle | None:
    unblock = Command(f"sotctl issue unblock {issue.id} {bullet.number} --because TEXT")
    others = [name for name in bullet.names if name != issue.id]
    if others and all(name in known for name in others):
        waiting = [known[name] for name in others if known[name].status != "validated"]
        if not waiting:
            return None
        statuses = ", ".join(f"{other.id} is {other.status}" for other in waiting)
        either = f"sotctl issue show {waiting[0].id}, or {unblock}"
        return Obstacle(path=issue.path, line=bullet.line, message=f"{statuses}: {bullet.text}", fix=either)
    return Obstacle(path=issue.path, line=bullet.line, message=bullet.text, fix=unblock)


def reachable(steps: Mapping[str, Collection[str]], start: str, through: Container[str] | None = None) -> set[str]:
    """Where one or several steps lead from *start*, such as moves between statuses; with *through*, only over those."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        if here == start or through is None or here in through:
            new = set(steps.get(here, ())) - found
            found |= new
            ahead += new
    return found


def unmet_effect(snapshot: Snapshot, issue: Issue) -> list[Obstacle]:
    """The effect of a decision template: an admission in force, and evidence of a pass with that very admission."""
    kind = snapshot.templates.deciding(issue.id)
    if kind is None or snapshot.templates.schema(kind).annotation("x-derives") is None:
        return []
    records = {record.id for record in snapshot.records(issue.id) if record.is_approved}
    admitted = [found for found in in_force(snapshot) if found.text("decision_record") in records]
    if not admitted:
        message = f"no admission is in force for {issue.id}"
        return [Obstacle(path=issue.path, line=issue.line, message=message, fix=Command(f"sotctl decide {issue.id}"))]
    if pass_with(snapshot, issue.id, {admission.sha256 for admission in admitted}):
        return []
    message = f"no evidence record shows a Stage 2 pass with the admission of {'/'.join(admitted[0].pair)}"
    fix = Command("sotctl evidence record RUN_DIR")
    return [Obstacle(path=admitted[0].path, line=1, message=message, fix=fix)]
