"""What keeps an issue blocked, and what it asks for, can be read."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule, section
from sotctl.documents.issues import Issue
from sotctl.findings import Finding, Severity
from sotctl.issues.moves import UNREADABLE, UNREADABLE_FIX


def check(change: ChangeSet) -> Iterator[Finding]:
    """Report every issue in a changed document whose lists cannot be read: an error where the change made it so."""
    for path in change.issue_documents():
        for issue in change.after.read_issues(path):
            if found := issue.unreadable():
                severity = Severity.ERROR if _is_touched(change, issue) else Severity.WARNING
                for unread in found:
                    yield RULE.finding(path, unread.message, UNREADABLE_FIX, line=unread.line, severity=severity)


def _is_touched(change: ChangeSet, issue: Issue) -> bool:
    """Whether the change adds an issue or anything in its section is different."""
    if change.before is None:
        return not change.is_whole
    before = next((other for other in change.before.read_issues(issue.path) if other.id == issue.id), None)
    return before is None or section(change.before, before) != section(change.after, issue)


RULE = PolicyRule(
    id=UNREADABLE,
    summary="The lists `Acceptance:` and `Blocked by:` of an issue can be read, and a blocked issue names a blocker.",
    why="A blocker that cannot be read blocks nothing: the issue would be validated while it still waits.",
    fix="Write the label on a line of its own, a blank line, and each entry as a bullet that begins with `- `.",
    check=check,
)
