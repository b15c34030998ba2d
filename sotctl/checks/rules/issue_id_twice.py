"""An issue id stands once in a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents import layout
from sotctl.documents.issues import Issue
from sotctl.documents.rules import ISSUE_ID_TWICE
from sotctl.findings import Finding

MAX_SEARCHED = 50


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look for ids that two documents share; within one document the reader says it."""
    issues = (issue for path in change.issue_documents() for issue in change.after.read_issues(path))
    added = [issue for issue in issues if not _was_there(change, issue)]
    if not added:
        return
    first: dict[str, Issue] = {}
    for path in _candidates(change, added):
        for issue in change.after.read_issues(path):
            other = first.setdefault(issue.id, issue)
            if other.path != issue.path:
                message = f"{issue.id} stands in {other.path}:{other.line} already"
                yield RULE.finding(issue.path, message, "give it another id", line=issue.line)


def _was_there(change: ChangeSet, issue: Issue) -> bool:
    before = change.before.read_issues(issue.path) if change.before else ()
    return any(other.id == issue.id for other in before)


def _candidates(change: ChangeSet, added: list[Issue]) -> Iterable[str]:
    """The documents that may hold one of the added ids: a few are searched for, of many every document is read."""
    snapshot = change.after
    if len(added) > MAX_SEARCHED:
        return snapshot.paths("issues")
    words = [f"{issue.id} - ".encode() for issue in added]
    found = snapshot.tree.holding(f"{snapshot.store}/{layout.ISSUES}", words)
    return (path for path in found if snapshot.kind_of(path) == "issues")


RULE = PolicyRule.of(ISSUE_ID_TWICE, check)
