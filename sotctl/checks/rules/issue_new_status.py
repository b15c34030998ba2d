"""An issue that a decision template governs is not new as under way or validated, unless its effect is met."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.issues import Issue
from sotctl.findings import Finding
from sotctl.issues.moves import HELD, unmet_effect


def check(change: ChangeSet) -> Iterator[Finding]:
    """Check the status of every issue that the change adds; a check of a whole store adds none."""
    if change.is_whole:
        return
    for issue in _new_issues(change):
        for obstacle in unmet_effect(change.after, issue) if issue.status not in HELD else ():
            message = f"{issue.id} is new and {issue.status}: {obstacle.message}"
            fix = f"write `Status: blocked.`, and then: {obstacle.fix}"
            yield RULE.finding(issue.path, message, fix, line=issue.status_line)


def _new_issues(change: ChangeSet) -> Iterator[Issue]:
    for path in change.issue_documents():
        there = {issue.id for issue in change.before.read_issues(path)} if change.before else set()
        added = [issue for issue in change.after.read_issues(path) if issue.status and issue.id not in there]
        elsewhere = change.before.known([issue.id for issue in added]) if change.before and added else {}
        yield from (issue for issue in added if issue.id not in elsewhere)


RULE = PolicyRule(
    id="issue-new-status",
    summary="An issue that a decision template governs is not new as ready, in_progress or validated.",
    why="Adding an issue with such a status would skip what a move to it has to show.",
    fix="Add the issue as blocked or draft; decide, record the evidence, and then move it.",
    check=check,
)
