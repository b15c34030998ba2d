"""Brings the user's index up to a commit for some paths, and leaves every other entry as it is.

Git's own protocol: the process that creates `index.lock` may replace `index`. The lock is a hard link to a file of
ours, so a lock that a killed sotctl left can be recognised: it is the same file.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from sotctl.git.held import PATIENCE_S, HeldError
from sotctl.git.repository import Git


def refresh_index(git: Git, git_dir: Path, private: Path, paths: list[str]) -> None:
    """Make the index entries of *paths* those of HEAD.

    Raises:
        HeldError: Another git holds the index.
    """
    lock, token, scratch = git_dir / "index.lock", private / "index.token", private / "index.next"
    drop_own_lock(git_dir, private)
    token.touch(mode=0o600)
    _take(lock, token)
    try:
        if (git_dir / "index").exists():
            shutil.copyfile(git_dir / "index", scratch)
        apart = Git(git.top, {"GIT_INDEX_FILE": str(scratch)})
        listing = git.output("ls-tree", "-z", "--full-tree", "HEAD", "--", *paths)
        entries = [line.replace(b" blob ", b" ") for line in listing.split(b"\0")[:-1]]
        apart.output("update-index", "-z", "--index-info", stdin=b"".join(entry + b"\0" for entry in entries))
        os.replace(scratch, git_dir / "index")
    finally:
        scratch.unlink(missing_ok=True)
        drop_own_lock(git_dir, private)


def drop_own_lock(git_dir: Path, private: Path) -> None:
    """Remove an `index.lock` that is ours, and nobody else's."""
    lock, token = git_dir / "index.lock", private / "index.token"
    if lock.exists() and token.exists() and lock.samefile(token):
        lock.unlink()
    token.unlink(missing_ok=True)


def _take(lock: Path, token: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            os.link(token, lock)
            return
        except FileExistsError:
            if time.monotonic() >= deadline:
                raise HeldError(lock) from None
            time.sleep(0.05)
