"""An issue id stands once in a store."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, Rule
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look for ids that two documents share; within one document the reader says it."""
    if not change.touches("issues"):
        return
    first: dict[str, str] = {}
    for issue in change.after.issues():
        other = first.setdefault(issue.id, f"{issue.path}:{issue.line}")
        if other.rpartition(":")[0] != issue.path:
            message = f"{issue.id} stands in {other} already"
            yield Finding(rule=RULE.id, path=issue.path, line=issue.line, message=message, fix="give it another id")


RULE = Rule(
    id="issue-id-twice",
    summary="An issue id stands once in a store.",
    why="A status, a blocker or a decision names an issue by its id; it must mean one thing.",
    mend="Give one of the two another id, and mend what refers to it.",
    check=check,
)
