"""A throwaway clone of a repository, with a made-up secret and a commit that holds it."""

from __future__ import annotations

import os
import string
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sotctl.errors import SotError
from sotctl.git.repository import Git
from sotctl.hooks.install import guarded_refs, install

_NO_HOOKS = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": os.devnull}


@dataclass(frozen=True, slots=True, kw_only=True)
class Throwaway:
    """The throwaway clone: `git` with hooks, `free` without, the made-up secret, and a commit that holds it."""

    git: Git
    free: Git
    token: str
    bad: str

    @property
    def top(self) -> Path:
        """The work tree."""
        return Path(self.git.top)

    def stage(self, name: str = "leak.txt", data: str | None = None) -> None:
        """Write a file, by default one with the secret, and stage it."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.token if data is None else data)
        self.git.run("add", "-f", "--", name)


Try = Callable[[Throwaway], object]
"""Tries something on a clone."""


@contextmanager
def throwaway_clone(git: Git, *, hooks: bool) -> Iterator[Throwaway]:
    with tempfile.TemporaryDirectory(prefix="sotctl-drill-") as folder:
        top = Path(folder) / "clone"
        source = Path(git.text("rev-parse", "--path-format=absolute", "--git-common-dir"))
        made = Git(Path(folder), _NO_HOOKS).run("clone", "-q", "--shared", "--no-tags", str(source), str(top))
        if made.returncode != 0:
            raise SotError(f"cannot clone this repository: {made.said}")
        free = Git(top, _NO_HOOKS)
        settings = ("user.name=Drill", "user.email=drill@example.com", "commit.gpgSign=false", "tag.gpgSign=false")
        for setting in (*settings, f"core.hooksPath={top / '.git' / 'hooks'}", "core.autocrlf=false"):
            free.output("config", *setting.split("=", 1))
        free.output("checkout", "-q", "-B", "drill")
        free.output("commit", "-q", "--allow-empty", "-m", "Where the drill begins")
        if hooks:
            install(Git(top), guarded=guarded_refs(git))
        token = _token()
        yield Throwaway(git=Git(top), free=free, token=token, bad=_bad_commit(free, token))


def _token() -> str:
    """A token of a well-known kind that nobody has issued."""
    letters = string.ascii_letters + string.digits
    return "ghp" + "_" + "".join(letters[byte % len(letters)] for byte in os.urandom(36)) + "\n"


def _bad_commit(free: Git, token: str) -> str:
    blob = free.output("hash-object", "-w", "--stdin", stdin=token.encode()).decode().strip()
    scratch = Git(free.top, {"GIT_INDEX_FILE": str(Path(free.top) / ".git" / "drill-index")})
    scratch.output("read-tree", "HEAD")
    scratch.output("update-index", "--add", "--cacheinfo", f"100644,{blob},drill-leak.txt")
    return free.text("commit-tree", scratch.text("write-tree"), "-p", "HEAD", "-m", "A leak")
