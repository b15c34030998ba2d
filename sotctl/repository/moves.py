"""The last move of an issue, from the history of its document."""

from __future__ import annotations

from sotctl.admission.move import LastMove
from sotctl.documents.frontmatter import parse
from sotctl.documents.issues import parse_issues
from sotctl.findings import RejectedError
from sotctl.repository.git import Git, Objects

MOST_VERSIONS = 500


def last_move(
    git: Git, objects: Objects, commit: str, path: str, issue_id: str, statuses: tuple[str, ...]
) -> LastMove | None:
    """How an issue came to the status it has in *commit*, or None where it never had another.

    At most `MOST_VERSIONS` versions of the document at *path* are looked at, from *commit* backwards.
    """
    listing = git.text("log", f"--max-count={MOST_VERSIONS}", "--format=%H", commit, "--", path)
    newer: tuple[str, bytes] | None = None
    for version in listing.split():
        here = _section(objects.read(f"{version}:{path}"), path, issue_id, statuses)
        if here is None:
            return None
        if newer and here[0] != newer[0]:
            return LastMove(before=here[0], after=newer[0], section_before=here[1], section_after=newer[1])
        newer = here
    return None


def _section(data: bytes | None, path: str, issue_id: str, statuses: tuple[str, ...]) -> tuple[str, bytes] | None:
    """The status and the bytes of an issue's section, or None where the version does not hold it."""
    if data is None:
        return None
    try:
        issue = parse_issues(parse(path, data), statuses).find(issue_id)
    except RejectedError:
        return None
    return (issue.status, data[issue.start : issue.end]) if issue else None
