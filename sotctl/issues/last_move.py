"""The last move of an issue, from the history of its document."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.documents.frontmatter import parse
from sotctl.documents.issues import parse_issues
from sotctl.findings import RejectedError
from sotctl.git.repository import Git, Objects
from sotctl.issues.planning import LastMove

MAX_VERSIONS = 500
_FIRST = 1  # the last change of a document is nearly always the move, and git walks a long history for the one before


def last_move(
    git: Git, objects: Objects, commit: str, path: str, issue_id: str, statuses: tuple[str, ...]
) -> LastMove | None:
    """How an issue came to the status it has in *commit*, or None where it never had another.

    At most `MAX_VERSIONS` commits that change the document at *path* are looked at, from *commit* backwards. Each is
    held against its parents, so that a move is seen without looking for the version before it; a merge that has the
    status from one of them has moved nothing.
    """
    for version in _versions(git, commit, path):
        here, first, second = (
            _section(objects.read(f"{name}:{path}"), path, issue_id, statuses)
            for name in (version, f"{version}^1", f"{version}^2")
        )
        if here is None or (first is None and second is None):
            return None
        if first and here[0] != first[0] and (second is None or here[0] != second[0]):
            return LastMove(before=first[0], after=here[0], section_before=first[1], section_after=here[1])
    return None


def _versions(git: Git, commit: str, path: str) -> Iterator[str]:
    for skip, count in ((0, _FIRST), (_FIRST, MAX_VERSIONS - _FIRST)):
        yield from git.text("log", f"--skip={skip}", f"--max-count={count}", "--format=%H", commit, "--", path).split()


def _section(data: bytes | None, path: str, issue_id: str, statuses: tuple[str, ...]) -> tuple[str, bytes] | None:
    """The status and the bytes of an issue's section, or None where the version does not hold it."""
    if data is None:
        return None
    try:
        issue = parse_issues(parse(path, data), statuses).find(issue_id)
    except RejectedError:
        return None
    return (issue.status, data[issue.start : issue.end]) if issue else None
