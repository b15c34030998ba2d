"""Finds the store, and opens it with all that a command needs of it."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sotctl.admissions.approval import bound_formats
from sotctl.documents import layout
from sotctl.documents.policy import Policy, parse_policy
from sotctl.documents.quote import shown
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.tree import DictTree, Tree
from sotctl.errors import Command, SotError
from sotctl.git.repository import Git, Objects
from sotctl.git.trees import CommitTree, WorkTree
from sotctl.store.absent import no_store, no_work_tree, not_checked_out


@dataclass(frozen=True)
class Store:
    """A store inside a git work tree: `top` is the top of the work tree, `folder` the store's path below it."""

    top: Path
    folder: str

    @cached_property
    def git(self) -> Git:
        """Git, run at the top of the work tree."""
        return Git(self.top)

    @cached_property
    def git_dir(self) -> Path:
        """The git directory of this work tree."""
        return Path(self.git.text("rev-parse", "--absolute-git-dir"))

    @cached_property
    def private(self) -> Path:
        """Where drafts, lock and journal live: `sotctl/` in the git directory, for the user alone.

        Raises:
            SotError: Something else has its name.
        """
        folder = self.git_dir / "sotctl"
        if os.path.lexists(folder) and not folder.is_dir():
            raise SotError(f"{folder} is no folder, so sotctl can keep nothing in it", hint=Command(f"rm {folder}"))
        with contextlib.suppress(OSError):  # a read-only repository can still be read; writing fails later
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    @cached_property
    def objects(self) -> Objects:
        """The batch that reads git's objects."""
        return Objects(self.git)

    def work_tree(self) -> Tree:
        """The files on disk."""
        return WorkTree(self.top)

    def commit_tree(self, name: str = "HEAD") -> Tree:
        """The tree of a commit; nothing where there is none yet."""
        return DictTree({}) if self.objects.read(name) is None else CommitTree(self.git, self.objects, name)

    def policy(self, tree: Tree | None = None) -> Policy:
        """The configuration as it stands in *tree*, by default on disk; that of the store at the top is its floor."""
        tree = tree or self.work_tree()
        own = f"{self.folder}/{layout.CONFIGURATION}"
        top = f"{layout.STORE}/{layout.CONFIGURATION}"
        floor = None if own == top or (data := tree.read(top)) is None else parse_policy(top, data)
        return parse_policy(own, tree.read(own), floor=floor)

    def snapshot(self, tree: Tree | None = None) -> Snapshot:
        """The documents in *tree*, by default on disk."""
        return open_snapshot(tree or self.work_tree(), self.folder, now=utc_now(), policy=self.policy())


def open_snapshot(tree: Tree, folder: str, *, now: datetime, policy: Policy) -> Snapshot:
    """The documents of the store at *folder* of *tree*, to be checked with *policy* at *now*."""
    return Snapshot(tree, folder, policy=policy, formats=bound_formats(policy, now=now), now=now)


def utc_now() -> datetime:
    """The time now, in the whole seconds of governed documents."""
    return datetime.now(UTC).replace(microsecond=0)


def open_store(path: str | None = None) -> Store:
    """Find the store: *path* or `SOTCTL_STORE`, else upwards from the working directory.

    Both name a directory that holds `.sot/`, or a store itself.

    Raises:
        NoStoreError: There is none, it lies outside a git work tree, or is not checked out whole.
    """
    named = path or os.environ.get("SOTCTL_STORE", "")
    store = _named_store(Path(named)) if named else _store_above(Path.cwd())
    top = work_tree_of(store.parent)
    if (error := not_checked_out(top, store.relative_to(top).as_posix())) is not None:
        raise error
    return Store(top=top, folder=store.relative_to(top).as_posix())


def work_tree_of(path: Path) -> Path:
    """The top of the git work tree that holds *path*.

    Raises:
        NoStoreError: There is none, or the repository is bare.
    """
    done = Git(path).run("rev-parse", "--show-toplevel")
    if done.returncode != 0:
        raise no_work_tree(path, done.stderr)
    return Path(os.fsdecode(done.stdout).removesuffix("\n")).resolve()


def _store_above(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / layout.STORE).is_dir():
            return _resolved(folder / layout.STORE)
    raise no_store(start, "there is no .sot here or in any directory above")


def _named_store(path: Path) -> Path:
    if (path / layout.STORE).is_dir():
        return _resolved(path / layout.STORE)
    if any((path / name).exists() for name in (layout.ISSUES, layout.DECISIONS, layout.CONFIGURATION)):
        return path.resolve()
    there = "name a directory that holds .sot, or run sotctl init there"
    raise no_store(path, f"there is no store at {shown(str(path))}", hint=there)


def _resolved(store: Path) -> Path:
    """Where a store lies; a link may lead only to another store, since no hook would check anything else."""
    real = store.resolve()
    if real.name != layout.STORE:
        raise no_store(store, f"{shown(str(store))} is a link to a folder that is not called {layout.STORE}")
    return real
