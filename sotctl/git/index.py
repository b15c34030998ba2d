"""The user's index: a copy of it to commit from, and the commit brought into it, every other entry left as it is.

Git's own protocol: the process that creates `index.lock` may replace `index`. The lock is a hard link to a file of
ours, so a lock that a killed sotctl left can be recognised: it is the same file.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sotctl.git.diff import DiffEntry
from sotctl.git.held import PATIENCE_S, HeldError
from sotctl.git.repository import Git, GitError


def entries_at_head(git: Git, paths: Collection[str]) -> dict[str, DiffEntry]:
    """What HEAD holds at *paths*, by path; nothing where there is no commit yet.

    Raises:
        GitError: A tree is not here.
    """
    listed = git.run("ls-tree", "-z", "--full-tree", "HEAD", "--", *paths)
    if listed.returncode != 0:
        if not git.commit():
            return {}
        raise GitError(f"git ls-tree: {listed.said}")
    lines = [line.partition("\t") for line in os.fsdecode(listed.stdout).split("\0")[:-1]]
    return {path: DiffEntry(meta.split()[0], meta.split()[2], path) for meta, _, path in lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIndex:
    """An index of our own at *path*; `git` reads and writes it.

    `copied` is the state of the file that it is a whole copy of; None where it was made from HEAD instead.
    """

    path: Path
    git: Git
    copied: os.stat_result | None


@contextlib.contextmanager
def index_at_head(git: Git, git_dir: Path, private: Path) -> Iterator[OwnIndex]:
    """An index of our own that holds what HEAD holds: a copy of the user's, without what is staged there."""
    scratch = private / "index"
    own = Git(git.top, {"GIT_INDEX_FILE": str(scratch)})
    for leftover in (scratch, scratch.with_name("index.lock")):
        leftover.unlink(missing_ok=True)
    try:
        copied = None
        if own.commit():
            copied = _link(git_dir / "index", scratch)  # git's cached file times save it reading all files again
            if not own.succeeds("diff-index", "--cached", "--quiet", "HEAD", "--"):
                own.output("read-tree", "--reset", "HEAD")
                copied = None
        yield OwnIndex(path=scratch, git=own, copied=copied)
    finally:
        scratch.unlink(missing_ok=True)


def refresh_index(git: Git, git_dir: Path, private: Path, paths: list[str], committed: OwnIndex | None = None) -> None:
    """Make the index entries of *paths* those of HEAD.

    *committed* is the index that HEAD was committed from. It takes the place of the user's where it is a copy of it.

    Raises:
        HeldError: Another git holds the index.
    """
    index, lock, token = git_dir / "index", git_dir / "index.lock", private / "index.token"
    drop_own_lock(git_dir, private)
    token.touch(mode=0o600)
    _take(lock, token)
    try:
        if committed and committed.copied and _is_state(index, committed.copied):
            os.replace(committed.path, index)
        else:
            _replace_entries(git, index, private / "index.next", paths)
    finally:
        drop_own_lock(git_dir, private)


def _replace_entries(git: Git, index: Path, scratch: Path, paths: list[str]) -> None:
    try:
        _link(index, scratch)
        apart = Git(git.top, {"GIT_INDEX_FILE": str(scratch)})
        lines = [f"{entry.mode} {entry.oid}\t{entry.path}\0" for entry in entries_at_head(git, paths).values()]
        apart.output("update-index", "-z", "--index-info", stdin=os.fsencode("".join(lines)))
        os.replace(scratch, index)
    finally:
        scratch.unlink(missing_ok=True)


def _link(index: Path, own: Path) -> os.stat_result | None:
    """Make *own* a second name of an index, and return its state; None if there is none.

    It is as good as a copy: git never writes into an index, but puts another file in its place.
    """
    own.unlink(missing_ok=True)
    try:
        os.link(index, own)
    except FileNotFoundError:
        return None
    return own.stat()


def _is_state(index: Path, state: os.stat_result) -> bool:
    """Whether an index is still the file that was in that state."""
    try:
        now = index.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(now, state) and (now.st_mtime_ns, now.st_size) == (state.st_mtime_ns, state.st_size)


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
