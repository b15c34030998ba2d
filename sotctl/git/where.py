"""The git directory while a hook runs, and the operation that is in progress."""

from __future__ import annotations

import os

UNDER_WAY = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
)
"""A file or directory in the git directory, and the command that leaves it there until it is done."""


def git_directory() -> str:
    """The git directory of the work tree, or bare repository, that is the working directory of a hook."""
    if named := os.environ.get("GIT_DIR"):
        return named
    if os.path.isdir(".git"):
        return ".git"
    try:
        with open(".git", encoding="utf-8", errors="surrogateescape") as file:
            return file.read().removeprefix("gitdir: ").rstrip("\n")
    except OSError:
        return "."


def under_way(folder: str | os.PathLike[str] = "") -> str:
    """The git command that waits to be continued or aborted, or ""; *folder* is the git directory, where known."""
    folder = folder or git_directory()
    return next((command for name, command in UNDER_WAY if os.path.exists(os.path.join(folder, name))), "")


def merge_parents(folder: str | os.PathLike[str] = "") -> list[str]:
    """The commits that the next commit merges, besides HEAD; *folder* is the git directory, where it is known.

    While `git merge` makes the commit itself it names them in its environment, as `GITHEAD_<id>`; once it has stopped,
    in the file MERGE_HEAD.
    """
    named = [name.removeprefix("GITHEAD_") for name in os.environ if name.startswith("GITHEAD_")]
    if named:
        return named
    try:
        with open(os.path.join(folder or git_directory(), "MERGE_HEAD"), encoding="ascii") as file:
            return file.read().split()
    except OSError:
        return []
