"""The ways past the hooks that are open in a repository, and those that no hook can close."""

from __future__ import annotations

import os
import re
import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sotctl.errors import Command
from sotctl.git.repository import Git
from sotctl.git.updates import UPSTREAM, is_guarded
from sotctl.hooks import hooks
from sotctl.hooks.install import State, guarded_refs, hooks_folder, status
from sotctl.hooks.work_trees import other_work_trees

_STALE_S = 600.0
_TURNS_OFF = r"^(core\.hookspath|hook\..*\.enabled)$"
_OWN_REFS = (UPSTREAM, "refs/bisect/", "refs/rewritten/", "refs/worktree/", "refs/original/", "refs/prefetch/")
"""Refs of git's own: what they reach is checked when a branch or tag comes to reach it."""

NEVER_CLOSED = (
    "a ref written straight into .git/refs, or by a library that writes refs itself, runs no hook",
    "core.hooksPath given for one command (git -c), or an edit of .git turns the hooks off",
    "a name that git symbolic-ref, git branch -m or git branch -c makes: git runs no hook for it",
    "moving a branch back (git reset --hard HEAD~1) brings nothing new, so there is nothing to check",
)
"""What no hook can stop. `history --audit` finds it afterwards; a server refuses it."""

NEVER_CLOSED_ON_SERVERS = (
    "a ref written straight into the repository, or by a library that writes refs itself, runs no hook",
    "an edit of the repository or its configuration turns the hooks off",
    "a forge that runs no hooks of yours refuses nothing: have its CI run sotctl check --range",
    "a forced push to an older commit brings nothing new; receive.denyNonFastForwards refuses it",
)
"""The same on a server, where no other check follows."""


class Weight(StrEnum):
    """`PROBLEM`: something gets past, or nothing can be verified. `NOTE`: worth knowing."""

    PROBLEM = "problem"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayPast:
    """One way past the gate: what it is, and the command that closes it."""

    id: str
    message: str
    fix: str
    weight: Weight = Weight.PROBLEM


def ways_past(git: Git, *, place: str = "clone") -> list[WayPast]:
    """Every way past the hooks that is open here."""
    return [
        *_version(git),
        *_hooks(git, place),
        *_folder(git, place),
        *_conditional(git),
        *_switched_off(git, place),
        *_worktrees(git),
        *_refs(git, place),
        *_history(git, place),
        *_locks(git),
    ]


def _version(git: Git) -> Iterator[WayPast]:
    said = git.text("version")
    numbers = re.search(r"(\d+)\.(\d+)", said)
    if numbers and (int(numbers[1]), int(numbers[2])) < (2, 28):
        message = f"{said} does not know the reference-transaction hook, so --no-verify passes"
        yield WayPast(id="git-too-old", message=message, fix="install git 2.28 or later")


def _hooks(git: Git, place: str) -> Iterator[WayPast]:
    for hook in status(git, place=place):
        if hook.state is not State.LIVE:
            message = f"{hook.name} is {hook.state} at {hook.path}"
            fix = _install(git, place)
            yield WayPast(id=f"hook-{hook.state.replace(' ', '-')}", message=message, fix=fix)


def _folder(git: Git, place: str) -> Iterator[WayPast]:
    folder = hooks_folder(git)
    if not folder.setting:
        return
    message = f"core.hooksPath ({folder.setting}) sends git to {folder.path} for its hooks"
    unset = _command(git, place, f"config --{folder.setting} --unset core.hooksPath")
    fix = f"{unset}, or {_install(git, place, '--shared')}"
    if not folder.value.startswith(("/", "~")):
        relative = f"core.hooksPath is {folder.value}, which a push into this repository looks for inside .git"
        yield WayPast(
            id="hooks-path-relative", message=relative, fix=_command(git, place, f"config core.hooksPath {folder.path}")
        )
    if folder.shared:
        yield WayPast(id="hooks-path-elsewhere", message=f"{message}, outside this repository", fix=fix)
    else:
        fix = f"{_install(git, place)}, after each tool that writes hooks there"
        yield WayPast(id="hooks-path-set", message=message, fix=fix, weight=Weight.NOTE)


def _conditional(git: Git) -> Iterator[WayPast]:
    """Settings that git includes on a condition only: on another branch, for another remote or directory."""
    listed = git.run("config", "--show-origin", "-z", "--get-regexp", r"^includeif\..*\.path$")
    words = os.fsdecode(listed.stdout).split("\0")[:-1]
    for origin, setting in zip(words[0::2], words[1::2], strict=True):
        name, _, value = setting.partition("\n")
        file = Path(git.top, origin.removeprefix("file:")).parent / Path(value).expanduser()
        found = git.run("config", "--file", str(file), "--includes", "--name-only", "--get-regexp", _TURNS_OFF)
        for key in sorted(set(os.fsdecode(found.stdout).split())):
            message = f"{file} sets {key}, and git reads it where {name.removesuffix('.path')} holds"
            fix = Command(f"git config --file {shlex.quote(str(file))} --unset-all {key}")
            yield WayPast(id="setting-conditional", message=message, fix=fix)


def _switched_off(git: Git, place: str) -> Iterator[WayPast]:
    """Git 2.54 and later can be configured not to run a hook (https://git-scm.com/docs/git-hook)."""
    for name in hooks(place):
        setting = f"hook.{name}.enabled"
        if git.run("config", "--type=bool", "--get", setting).stdout == b"false\n":
            message = f"{setting} is false: git 2.54 and later runs no {name} hook"
            yield WayPast(
                id="hook-switched-off", message=message, fix=_command(git, place, f"config --unset {setting}")
            )


def _worktrees(git: Git) -> Iterator[WayPast]:
    """Each linked work tree may have settings of its own, and each submodule is a repository of its own."""
    for tree in other_work_trees(git):
        if not tree.is_guarded:
            fix = Command(f"sotctl hooks install --repo {shlex.quote(str(tree.path))}")
            yield WayPast(id="worktree-not-guarded", message=tree.message, fix=fix)


def _refs(git: Git, place: str) -> Iterator[WayPast]:
    guarded = guarded_refs(git)
    for line in filter(None, git.text("for-each-ref", "--format=%(refname) %(symref)").split("\n")):
        name, _, target = line.partition(" ")
        if target and is_guarded(name, guarded) and not is_guarded(target, guarded):
            message = f"{name} is a symbolic ref to {target}, which is not guarded"
            yield WayPast(id="ref-symbolic", message=message, fix=_command(git, place, f"symbolic-ref -d {name}"))
        elif name.startswith("refs/replace/"):
            message = f"{name} shows another object in place of one; sotctl ignores that, git and its readers do not"
            yield WayPast(
                id="object-replaced", message=message, fix=_command(git, place, f"replace -d {name.rpartition('/')[2]}")
            )
        elif not is_guarded(name, guarded) and not name.startswith(_OWN_REFS):
            folder = f"{'/'.join(name.split('/')[:2])}/"
            message = f"{name} is not guarded; what it reaches is checked only when a guarded ref reaches it"
            yield WayPast(id="ref-not-guarded", message=message, fix=_install(git, place, f"--guard {folder}"))


def _history(git: Git, place: str) -> Iterator[WayPast]:
    common = _path(git, "--git-common-dir")
    if git.text("rev-parse", "--is-shallow-repository") == "true":
        message = f"this {_word(place)} is shallow: history before its edge could not be verified"
        yield WayPast(id="clone-shallow", message=message, fix=_command(git, place, "fetch --unshallow"))
    if git.succeeds("config", "--get-regexp", r"^remote\..*\.(promisor|partialclonefilter)$"):
        message = f"this {_word(place)} is partial: objects it has not fetched could not be verified"
        yield WayPast(id="clone-partial", message=message, fix=_command(git, place, "fetch --refetch --no-filter"))
    if (common / "info" / "grafts").exists():
        message = "info/grafts gives commits other parents; sotctl ignores that, git log does not"
        yield WayPast(
            id="history-grafted", message=message, fix=Command(f"rm {shlex.quote(str(common / 'info' / 'grafts'))}")
        )


def _locks(git: Git) -> Iterator[WayPast]:
    for folder in {_path(git, "--git-common-dir"), _path(git, "--absolute-git-dir")}:
        for pattern in ("*.lock", "refs/**/*.lock"):
            for path in sorted(folder.glob(pattern)):
                age_s = time.time() - path.stat().st_mtime
                if age_s > _STALE_S:
                    message = f"{path} is {age_s / 60:.0f} minutes old and keeps git from writing"
                    yield WayPast(id="lock-stale", message=message, fix=f"if no git is running: rm {path}")


def _install(git: Git, place: str, *options: str) -> Command:
    where = ["--server", "--repo", shlex.quote(str(git.top))] if place == "server" else []
    return Command(" ".join(["sotctl hooks install", *where, *options]))


def _command(git: Git, place: str, words: str) -> Command:
    """A git command; on a server with the path of the repository."""
    return Command(f"git -C {shlex.quote(str(git.top))} {words}" if place == "server" else f"git {words}")


def _word(place: str) -> str:
    return "repository" if place == "server" else "clone"


def _path(git: Git, which: str) -> Path:
    return (Path(git.top) / git.text("rev-parse", which)).resolve()
