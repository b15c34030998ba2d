"""The lock files of git that stand in the way of a commit, held by a git at work or left by one that was killed."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from sotctl.errors import SotError
from sotctl.git.repository import Git

PATIENCE_S = 10.0
_PAUSE_S = 0.05
_UNTAKEN = re.compile(r"Unable to create '(.+\.lock)': File exists")


class HeldError(SotError):
    """Another git has held a lock for longer than we wait."""

    def __init__(self, lock: Path, consequence: str = "") -> None:
        super().__init__(f"another git holds {lock.name}{consequence}", hint=mend(lock))


def mend(lock: Path) -> str:
    """What to do about a lock: git cannot tell whether its holder lives, a person can."""
    return f"if none is running: rm {shlex.quote(str(lock))}"


def commit_locks(git: Git) -> list[Path]:
    """Every lock that `git commit` takes: of the index, of HEAD, and of the branch that HEAD names."""
    branch = git.run("symbolic-ref", "-q", "HEAD").stdout.decode("utf-8", "surrogateescape").strip()
    names = ["index.lock", "HEAD.lock", *([f"{branch}.lock"] if branch else [])]
    told = git.text("rev-parse", *(word for name in names for word in ("--git-path", name)))
    return [(Path(git.top) / line).absolute() for line in told.splitlines()]


def await_locks(locks: Sequence[Path]) -> None:
    """Wait until no git holds any of *locks*; one that is older than our patience is not waited for.

    Raises:
        HeldError: One is still held; nothing was written.
    """
    deadline = time.monotonic() + PATIENCE_S
    for lock in locks:
        while (age_s := _age_s(lock)) is not None:
            if age_s >= PATIENCE_S or time.monotonic() >= deadline:
                raise HeldError(lock, "; nothing was written")
            time.sleep(_PAUSE_S)


def lock_in(said: str) -> Path | None:
    """The lock that git says it could not take, as far as it says so."""
    found = _UNTAKEN.search(said)
    return Path(found[1]) if found else None


def _age_s(lock: Path) -> float | None:
    try:
        return time.time() - lock.stat().st_mtime
    except OSError:
        return None
