"""A blocker names issues that exist."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.quote import did_you_mean
from sotctl.findings import Finding, Severity


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look up every name in an open blocker that has the form of this store's ids; `SHA-256` has not."""
    touched = change.blocking_changes()
    named = [(issue, bullet) for issue in touched for bullet in issue.blocked_by if bullet.names and not bullet.settled]
    if not named:
        return
    names = {name for _, bullet in named for name in bullet.names}
    missing = names - change.after.known(names).keys()
    if not missing:  # nearly always, and then no other document is read
        return
    known = [issue.id for issue in change.after.issues()]
    series = {issue_id.rpartition("-")[0] for issue_id in known}
    for issue, bullet in named:
        for name in bullet.names:
            if name in missing and name.rpartition("-")[0] in series:
                message = f"there is no issue {name}{did_you_mean(name, known)}"
                fix = "correct the id, or clear the blocker by hand: sotctl issue unblock"
                yield RULE.finding(issue.path, message, fix, line=bullet.line, severity=Severity.WARNING)


RULE = PolicyRule(
    id="blocker-unknown",
    summary="A blocker names issues that exist.",
    why="A blocker that names no issue is never cleared by one.",
    fix="Correct the id, or clear the blocker with `sotctl issue unblock`.",
    check=check,
)
