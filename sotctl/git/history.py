"""The versions of a document, renames followed, through GitPython."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sotctl.git.diff import PLAIN_LOG
from sotctl.git.repository import TRUE_OBJECTS, Git, GitError, Objects
from sotctl.git.trees import CommitTree

_ENTRY = re.compile(rb"\0([0-9a-f]+)\0([^\0]*)\0([^\0]+)\0([^\0]*)\0\0\n([^\0]+)")
"""Commit, author, date, message and name; a merge that lists no name is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A document as one commit left it; `data` is None where the commit removed it."""

    commit: str
    author: str
    committed_at: datetime
    message: str
    path: str
    data: bytes | None


def versions(ours: Git, objects: Objects, path: str, *, follow: bool = True) -> Iterator[Version]:
    """Every version of the document at *path*, the oldest first; with *follow*, under whatever name it had.

    Git follows copies too: a document that another one resembles is better not followed. GitPython only runs the
    command: it does not read the objects of a SHA-256 repository.

    Raises:
        GitError: The history could not be read.
    """
    import git  # imported here, since it fails where git is not installed

    options = (*PLAIN_LOG, "--format=%x00%H%x00%an%x00%cI%x00%B%x00", "--name-only", "-z", *(["--follow"] * follow))
    log = git.Repo(ours.top).git(c="core.useReplaceRefs=false").log
    try:
        listing = log(*options, "HEAD", "--", path, env=TRUE_OBJECTS, stdout_as_string=False)
    except git.GitCommandError as error:
        raise GitError(f"git log: {error.stderr}") from None
    for commit, author, date, message, name in reversed(_ENTRY.findall(listing)):
        yield Version(
            commit=commit.decode(),
            author=author.decode("utf-8", "replace"),
            committed_at=datetime.fromisoformat(date.decode()),
            message=message.decode("utf-8", "replace"),
            path=os.fsdecode(name),
            data=CommitTree(ours, objects, commit.decode()).read(os.fsdecode(name)),
        )
