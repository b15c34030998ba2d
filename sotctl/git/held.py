"""The lock files of git that prevent a commit, held by a running git or left by a killed one."""

from __future__ import annotations

import os
import re
import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from sotctl.documents.quote import listed_plainly
from sotctl.errors import SotError
from sotctl.git import process
from sotctl.git.repository import Git

PATIENCE_S = 10.0
_PAUSE_S = 0.05
_UNTAKEN = re.compile(r"Unable to create '(.+\.lock)': File exists")


class HeldError(SotError):
    """Another git has held a lock for longer than we wait."""

    def __init__(self, *locks: Path, consequence: str = "") -> None:
        names = listed_plainly([lock.name for lock in locks])
        super().__init__(f"another git holds {names}{consequence}", hint=mend(*locks))


def mend(*locks: Path) -> str:
    """What to do about locks: only a person can say whether their holder still runs."""
    return f"if none is running: rm {' '.join(shlex.quote(str(lock)) for lock in locks)}"


def commit_locks(git: Git) -> list[Path]:
    """Every lock that `git commit` takes: of the index, of HEAD, and of the branch that HEAD names."""
    branch = git.run("symbolic-ref", "-q", "HEAD").stdout.decode("utf-8", "surrogateescape").strip()
    names = ["index.lock", "HEAD.lock", *([f"{branch}.lock"] if branch else [])]
    paths = git.text("rev-parse", *(word for name in names for word in ("--git-path", name)))
    return [(Path(git.top) / line).absolute() for line in paths.splitlines()]


def await_locks(locks: Sequence[Path]) -> None:
    """Wait until no git holds any of *locks*; one that is older than the time limit is not waited for.

    Raises:
        HeldError: One is still held; nothing was written.
    """
    deadline = time.monotonic() + PATIENCE_S
    while held := {lock: made_at for lock in locks if (made_at := _made_at(lock)) is not None}:
        if time.time() - min(held.values()) >= PATIENCE_S or time.monotonic() >= deadline:
            raise HeldError(*held, consequence="; nothing was written")
        time.sleep(_PAUSE_S)


def drop_left(git: Git, git_dir: Path, since: float) -> list[Path]:
    """Remove the locks on HEAD and its branch that a git of ours left when it was killed, and say which.

    They are ours if they were made after *since*, when our git began, and no git runs here now. Ours has ended, since
    it would hold the lock of the store. It uses an index of its own, so `index.lock` is not considered.
    """
    locks = [lock for lock in commit_locks(git) if lock.name != "index.lock"]
    left = [lock for lock in locks if (made_at := _made_at(lock)) is not None and made_at >= since]
    if not left or _is_git_at_work([Path(git.top), git_dir]):
        return []
    for lock in left:
        lock.unlink(missing_ok=True)
    return left


def _made_at(lock: Path) -> float | None:
    try:
        return lock.stat().st_mtime
    except OSError:
        return None


def _is_git_at_work(folders: Sequence[Path]) -> bool:
    """Whether a git that we did not start runs in one of *folders*; True where the system cannot say."""
    proc = Path("/proc")
    if not (proc / "self" / "stat").exists():
        listed = process.run(["ps", "-axo", "comm="], dict(os.environ)).stdout.decode("utf-8", "replace")
        return any(name.rpartition("/")[2].startswith("git") for name in listed.splitlines())
    return any(_is_git_in(entry, folders) for entry in proc.iterdir() if entry.name.isdigit())


def _is_git_in(entry: Path, folders: Sequence[Path]) -> bool:
    try:
        name, _, rest = (entry / "stat").read_text("utf-8", "replace").rpartition(") ")
        if "(git" not in name or rest.split()[0] == "Z" or int(rest.split()[1]) == os.getpid():
            return False
        folder = (entry / "cwd").resolve(strict=True)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except OSError:
        return True
    return any(folder.is_relative_to(root.resolve()) for root in folders)


def lock_in(said: str) -> Path | None:
    """The lock that git says it could not take, as far as it says so."""
    found = _UNTAKEN.search(said)
    return Path(found[1]) if found else None
