"""The last move of an issue, from the history of its document."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admission.move import LastMove
from sotctl.documents.frontmatter import parse
from sotctl.documents.issues import parse_issues
from sotctl.findings import RejectedError
from sotctl.repository.git import Git, Objects

MOST_VERSIONS = 500
_FIRST = 8  # the last move is seldom further back, and git would walk a long history for more


def last_move(
    git: Git, objects: Objects, commit: str, path: str, issue_id: str, statuses: tuple[str, ...]
) -> LastMove | None:
    """How an issue came to the status it has in *commit*, or None where it never had another.

    At most `MOST_VERSIONS` versions of the document at *path* are looked at, from *commit* backwards.
    """
    newer: tuple[str, bytes] | None = None
    for version in _versions(git, commit, path):
        here = _section(objects.read(f"{version}:{path}"), path, issue_id, statuses)
        if here is None:
            return None
        if newer and here[0] != newer[0]:
            return LastMove(before=here[0], after=newer[0], section_before=here[1], section_after=newer[1])
        newer = here
    return None


def _versions(git: Git, commit: str, path: str) -> Iterator[str]:
    for skip, count in ((0, _FIRST), (_FIRST, MOST_VERSIONS - _FIRST)):
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
