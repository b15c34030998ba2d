"""An issue moves only along the table of statuses, and leaves `blocked` only when nothing blocks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sotctl.checks.change import ChangeSet, PolicyRule, section
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.findings import Finding
from sotctl.issues.moves import obstacles, reachable
from sotctl.issues.planning import undone

_STATUS = "sotctl issue status"


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare the status of every issue in a changed document with what it was."""
    if change.before is None:
        return
    after = {issue.id: issue for issue in _issues_in(change, change.after)}
    for before in _issues_in(change, change.before):
        now = after.get(before.id)
        if now is None:
            found = change.after.find_issue(before.id)
            now = found[1] if found else None
        if now is None:
            message = f"{before.id} was removed; an issue is rejected or superseded, never removed"
            yield RULE.finding(before.path, message, _STATUS)
        elif before.status and now.status:
            breaches = list(_breaches(change, before, now))
            # History is read only where a move would be refused: the exact inverse of the last move is always allowed.
            if breaches and not _takes_back(change, before, now):
                yield from breaches


def _issues_in(change: ChangeSet, snapshot: Snapshot) -> list[Issue]:
    loaded = (snapshot.load(path).issues for path in change.issue_documents())
    return [issue for document in loaded if document for issue in document.issues]


def _takes_back(change: ChangeSet, before: Issue, now: Issue) -> bool:
    """Whether a change takes the last move of an issue back, and nothing else."""
    last = change.last_move(before) if before.status != now.status else None
    if last is None or change.before is None or (last.after, last.before) != (before.status, now.status):
        return False
    return undone(section(change.before, before), last) == section(change.after, now)


def _breaches(change: ChangeSet, before: Issue, now: Issue) -> Iterator[Finding]:
    if before.status != now.status:
        yield from _move(change, before, now)
    # Settled ones are counted: a blocker may be reworded, not taken out.
    if before.status == "blocked" and (gone := len(before.blocked_by) - len(now.blocked_by)) > 0:
        message = f"{before.id} lost {gone} of its blockers; a blocker is cleared, never taken out"
        fix = f"sotctl issue unblock {before.id} N --because TEXT"
        yield RULE.finding(now.path, message, fix, line=now.status_line)


def _move(change: ChangeSet, before: Issue, now: Issue) -> Iterator[Finding]:
    table = change.after.policy.moves
    moves = reachable(table, before.status) if change.is_merge else table.get(before.status, ())
    if now.status not in moves:
        may = ", ".join(sorted(moves)) or "nothing"
        message = f"{before.id} is {before.status} and cannot become {now.status}; it may become: {may}"
        yield RULE.finding(now.path, message, _STATUS, line=now.status_line)
        return
    for obstacle in obstacles(change.after, replace(now, status=before.status), now.status):
        message = f"{before.id} cannot leave {before.status} for {now.status}: {obstacle.message}"
        yield RULE.finding(obstacle.path, message, obstacle.fix, line=obstacle.line)


RULE = PolicyRule(
    id="status-move",
    summary="An issue moves only along the table of statuses, and leaves `blocked` only when nothing blocks it.",
    why="Others rely on a status, so it changes only by an allowed move.",
    fix="Move it with `sotctl issue status`, which says what stands in the way and which command meets it.",
    check=check,
)
