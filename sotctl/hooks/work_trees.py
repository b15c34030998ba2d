"""The hooks of the other work trees of a repository, and of its submodules."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl.errors import SotError
from sotctl.git.repository import Git
from sotctl.git.work_trees import work_trees
from sotctl.hooks.install import HookStatus, State, install, status


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTreeHooks:
    """The hooks of one other work tree; `problem` says why it could not be guarded, where that was tried."""

    path: Path
    hooks: tuple[HookStatus, ...]
    problem: str = ""

    @property
    def is_guarded(self) -> bool:
        """Whether every hook is live there."""
        return all(hook.state is State.LIVE for hook in self.hooks)

    @property
    def message(self) -> str:
        """What is wrong, in a sentence."""
        dead = [hook for hook in self.hooks if hook.state is not State.LIVE]
        if not dead:
            return f"{self.path} is guarded"
        why = self.problem or f"{dead[0].name} is {dead[0].state} at {dead[0].path}"
        return f"{self.path} is not guarded: {why}"


def other_work_trees(git: Git) -> list[WorkTreeHooks]:
    """The hooks of every linked work tree, of the main one where this is another, and of the submodules here."""
    return [WorkTreeHooks(path=path, hooks=tuple(status(Git(path)))) for path in _others(git)]


def install_in_others(git: Git, guarded: Sequence[str] = ()) -> list[WorkTreeHooks]:
    """Install the hooks in the other work trees and submodules, and return the state of each."""
    found = []
    for tree in other_work_trees(git):
        problem = ""
        if not tree.is_guarded:
            try:
                install(Git(tree.path), guarded=guarded)
            except SotError as error:
                problem = error.message
        found.append(WorkTreeHooks(path=tree.path, hooks=tuple(status(Git(tree.path))), problem=problem))
    return found


def _others(git: Git) -> Iterator[Path]:
    here = Path(git.top).resolve()
    for path in [*work_trees(git), *_submodules(git, here)]:
        if path.is_dir() and path.resolve() != here:
            yield path


def _submodules(git: Git, top: Path) -> Iterator[Path]:
    """The submodules that are checked out, and theirs."""
    if not (top / ".gitmodules").is_file():
        return
    names = git.run("config", "--file", ".gitmodules", "-z", "--get-regexp", r"^submodule\..*\.path$")
    for line in os.fsdecode(names.stdout).split("\0"):
        path = top / line.partition("\n")[2]
        if path != top and path.is_relative_to(top) and (path / ".git").exists():
            yield path
            yield from _submodules(Git(path), path)
