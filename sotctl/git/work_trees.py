"""The work trees of a repository."""

from __future__ import annotations

import os
from pathlib import Path

from sotctl.git.repository import Git


def work_trees(git: Git) -> list[Path]:
    """The main work tree and the linked ones; a bare repository is none.

    Raises:
        GitError: Git cannot list them.
    """
    return [path for path, is_bare in _listed(git) if not is_bare]


def main_work_tree(git: Git) -> Path | None:
    """The work tree that came with the repository; None where that is bare."""
    path, is_bare = _listed(git)[0]
    return None if is_bare else path


def _listed(git: Git) -> list[tuple[Path, bool]]:
    """The main one first, each with whether it is bare."""
    listed = git.run("worktree", "list", "--porcelain", "-z").stdout
    listed = listed or git.output("worktree", "list", "--porcelain").replace(b"\n", b"\0")  # git 2.35 and older
    blocks = [os.fsdecode(block).split("\0") for block in listed.split(b"\0\0") if block]
    return [(Path(lines[0].removeprefix("worktree ")), "bare" in lines) for lines in blocks]
