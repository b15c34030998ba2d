"""The last move of an issue, from the history of its document."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.documents.frontmatter import readable
from sotctl.documents.issues import parse_issues
from sotctl.git.diff import merge_bases, parents_of
from sotctl.git.repository import TRUE_HISTORY, Git, Objects
from sotctl.issues.planning import LastMove

MAX_VERSIONS = 500
_FIRST = 1  # the last change is nearly always the move; to find the one before, git walks the history


def last_move(
    git: Git, objects: Objects, commit: str, path: str, issue_id: str, statuses: tuple[str, ...]
) -> LastMove | None:
    """The move to the status that an issue has in *commit*; None if it never had another status.

    The line of first parents is followed, and at most `MAX_VERSIONS` commits of it that change the document at *path*.
    If a merge on it moved the issue, the move of the merged side counts, if the histories are related. Other moves on
    merged sides do not.
    """
    for version in _versions(git, commit, path):
        here, first = (
            _section(objects.read(f"{name}:{path}"), path, issue_id, statuses) for name in (version, f"{version}^1")
        )
        if here is None or first is None:
            return None
        if here[0] != first[0]:
            moved = _on_side(git, objects, version, path, issue_id, statuses)
            return moved or LastMove(before=first[0], after=here[0], section_before=first[1], section_after=here[1])
    return None


def _on_side(
    git: Git, objects: Objects, version: str, path: str, issue_id: str, statuses: tuple[str, ...]
) -> LastMove | None:
    """The move to the status that a merge has, where it was made on one of the sides that it merges."""
    first, *others = parents_of(objects.require(version)[1])
    here = _section(objects.read(f"{version}:{path}"), path, issue_id, statuses)
    for side in others:
        there = _section(objects.read(f"{side}:{path}"), path, issue_id, statuses)
        if here and there and here[0] == there[0] and merge_bases(git, first, [side]):
            return last_move(git, objects, side, path, issue_id, statuses)
    return None


def _versions(git: Git, commit: str, path: str) -> Iterator[str]:
    git = Git(git.top, {**git.environment, **TRUE_HISTORY})
    for skip, count in ((0, _FIRST), (_FIRST, MAX_VERSIONS - _FIRST)):
        options = (f"--skip={skip}", f"--max-count={count}", "--first-parent", "--format=%H")
        yield from git.text("log", *options, commit, "--", path).split()


def _section(data: bytes | None, path: str, issue_id: str, statuses: tuple[str, ...]) -> tuple[str, bytes] | None:
    """The status and the bytes of an issue's section, or None where the version does not hold it."""
    document = readable(path, data)
    issue = parse_issues(document, statuses).find(issue_id) if document else None
    return (issue.status, document.source[issue.start : issue.end]) if document and issue else None
