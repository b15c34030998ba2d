"""No issues wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.findings import Finding
from sotctl.issues.graph import cycles, graph


def check(change: ChangeSet) -> Iterator[Finding]:
    """Follow the blockers of the issues in changed documents."""
    touched = change.blocking_changes()
    if not touched:
        return
    names = {issue.id for issue in touched}
    issues = _reached(change.after, touched)
    for circle in cycles(graph(issues.values())):
        issue = issues[circle[0]]
        if names.intersection(circle):
            line = next(bullet.line for bullet in issue.blocked_by if circle[1 % len(circle)] in bullet.names)
            message = f"{' waits for '.join([*circle, circle[0]])}: none of them can ever be unblocked"
            yield RULE.finding(issue.path, message, Command(f"sotctl issue graph {circle[0]}"), line=line)


def _reached(snapshot: Snapshot, touched: Iterable[Issue]) -> dict[str, Issue]:
    """The issues that *touched* wait for, directly or through others, and themselves: every circle they are part of."""
    reached = {issue.id: issue for issue in touched}
    ahead = reached
    while ahead:
        named = {name for waits in graph(ahead.values()).values() for name in waits}
        ahead = snapshot.known(named - reached.keys())
        reached |= ahead
    return reached


RULE = PolicyRule(
    id="blocker-cycle",
    summary="No issues wait for each other in a circle.",
    why="Issues that wait for each other can never be unblocked.",
    fix="Take one of the blockers out, or clear it with `sotctl issue unblock`.",
    check=check,
)
