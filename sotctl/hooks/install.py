"""Installs the hooks in a repository, keeps those that are there, and uninstalls them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sotctl.durable import remove_durably, write_durably
from sotctl.errors import Command, SotError
from sotctl.git.repository import Git
from sotctl.git.updates import GUARDED
from sotctl.git.work_trees import main_work_tree
from sotctl.hooks import Hook, hooks
from sotctl.hooks.shim import KEPT, MARK, shim

_LEGACY = ".legacy"
"""The suffix that the pre-commit framework gives to an existing hook, which it runs first."""
_MADE = ".made-by-sotctl"
_RELATIVE = "sotctl-hooks.relativePath"
"""The setting that keeps the original, relative `core.hooksPath` while an absolute one replaces it."""
_OWN_LINES = re.compile(rb"^(python|places|home)=.*$", re.MULTILINE)
_GUARDED = re.compile(rb"^guarded=(.*)$", re.MULTILINE)


class State(StrEnum):
    """The state of the file that git would run as a hook; only `LIVE` refuses anything."""

    LIVE = "live"
    ABSENT = "absent"
    FOREIGN = "foreign"
    NOT_EXECUTABLE = "not executable"
    EMPTY = "empty"
    DANGLING = "dangling link"
    OUTDATED = "outdated"
    BROKEN = "interpreter gone"


OURS = frozenset({State.LIVE, State.NOT_EXECUTABLE, State.OUTDATED, State.BROKEN})
"""The states of a hook that sotctl wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookStatus:
    """One hook: its path, its state, and the user's hook that runs with it, if any."""

    name: str
    path: Path
    state: State
    chained: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksFolder:
    """Where git looks for hooks; `setting` and `value` are scope and text of a `core.hooksPath` that says so, or "".

    A `shared` folder lies outside this repository and its work tree: it serves others too.
    """

    path: Path
    setting: str
    value: str
    shared: bool


def hooks_folder(git: Git) -> HooksFolder:
    """Where git looks for hooks, `core.hooksPath` respected."""
    top = Path(git.top)
    path = (top / git.text("rev-parse", "--git-path", "hooks")).resolve()
    set_ = git.run("config", "--show-scope", "--get", "core.hooksPath")
    scope, _, value = os.fsdecode(set_.stdout).partition("\t")
    common = (top / git.text("rev-parse", "--git-common-dir")).resolve()
    homes = [common] if git.text("rev-parse", "--is-bare-repository") == "true" else [common, top.resolve()]
    homes += [main.resolve()] if (main := main_work_tree(git)) else []
    return HooksFolder(
        path=path,
        setting=scope if set_.returncode == 0 else "",
        value=value.removesuffix("\n"),
        shared=not any(path.is_relative_to(home) for home in homes),
    )


def _make_absolute(git: Git, folder: HooksFolder) -> None:
    """Make a relative `core.hooksPath` absolute: each linked work tree would resolve it anew, and find nothing."""
    main = main_work_tree(git)
    if main is None or folder.setting == "command" or not folder.value or folder.value.startswith(("/", "~", "%")):
        return
    scope = "--worktree" if folder.setting == "worktree" else "--local"
    git.output("config", scope, "core.hooksPath", str((main / folder.value).resolve()))
    git.output("config", scope, _RELATIVE, folder.value if folder.setting in ("local", "worktree") else "")


def _make_relative(git: Git) -> None:
    """Restore the relative `core.hooksPath`."""
    set_ = git.run("config", "--show-scope", "--get", _RELATIVE)
    if set_.returncode != 0:
        return
    scope, _, value = os.fsdecode(set_.stdout).removesuffix("\n").partition("\t")
    change = ["core.hooksPath", value] if value else ["--unset", "core.hooksPath"]
    git.output("config", f"--{scope}", *change)
    git.output("config", f"--{scope}", "--remove-section", _RELATIVE.partition(".")[0])


def install(git: Git, *, place: str = "clone", guarded: Sequence[str] = (), shared: bool = False) -> list[HookStatus]:
    """Write every hook; one that is there already is kept beside it and runs first.

    Args:
        place: `clone` or `server`: which hooks belong there.
        guarded: Refs to guard besides the usual; those of an earlier install stay guarded.
        shared: Write into a folder that serves other repositories too.
    Raises:
        SotError: The folder serves other repositories, or may not be written.
    """
    if place == "clone":
        _make_absolute(git, hooks_folder(git))
    folder = hooks_folder(git)
    if folder.shared and not shared:
        raise SotError(
            f"core.hooksPath is {folder.path} (set {folder.setting}), which serves other repositories too",
            hint=Command(
                'git config core.hooksPath "$(git rev-parse --absolute-git-dir)/hooks" gives this one its own; '
                "--shared installs there"
            ),
        )
    try:
        if not folder.path.is_dir():
            folder.path.mkdir(parents=True)
            (folder.path / _MADE).touch()
        for hook in hooks(place).values():
            _put(folder.path / hook.id, shim(hook, _guarded(folder.path, guarded)))
    except OSError as error:
        raise SotError(f"cannot write {error.filename}: {error.strerror}") from error
    return status(git, place=place)


def uninstall(git: Git) -> list[HookStatus]:
    """Remove every hook of ours and restore what was there before."""
    folder = hooks_folder(git).path
    for name in {**hooks("clone"), **hooks("server")}:
        path, kept = folder / name, folder / f"{name}{KEPT}"
        for ours in (path, path.with_name(f"{name}{_LEGACY}")):
            if _is_ours(ours):
                remove_durably(ours)
        if os.path.lexists(kept) and not os.path.lexists(path):
            kept.rename(path)
    if (folder / _MADE).exists():
        (folder / _MADE).unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
    _make_relative(git)
    return status(git)


def status(git: Git, *, place: str = "clone") -> list[HookStatus]:
    """The state of every hook."""
    folder = hooks_folder(git).path
    return [_status(folder / name, hook) for name, hook in hooks(place).items()]


def _put(path: Path, text: str) -> None:
    if os.path.lexists(path) and not _is_ours(path):
        kept = path.with_name(f"{path.name}{KEPT}")
        # A tool such as husky has overwritten our hook, mostly with the hook that we keep already.
        if os.path.lexists(kept) and not _are_same(kept, path):
            kept.rename(_free(kept))
        path.rename(kept)
    write_durably(path, text.encode(), mode=0o755)
    path.chmod(0o755)


def _are_same(one: Path, other: Path) -> bool:
    return (
        _is_file(one)
        and _is_file(other)
        and _bytes(one) == _bytes(other)
        and one.stat().st_mode == other.stat().st_mode
    )


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _free(path: Path) -> Path:
    return next(
        free for number in range(2, 1000) if not os.path.lexists(free := path.with_name(f"{path.name}-{number}"))
    )


def _status(path: Path, hook: Hook) -> HookStatus:
    kept, legacy = path.with_name(f"{path.name}{KEPT}"), path.with_name(f"{path.name}{_LEGACY}")
    if not _is_ours(path) and _is_ours(legacy) and b"pre-commit" in _bytes(path):
        return HookStatus(name=path.name, path=legacy, state=_state(legacy, hook), chained=path)
    return HookStatus(name=path.name, path=path, state=_state(path, hook), chained=kept if kept.exists() else None)


def _state(path: Path, hook: Hook) -> State:
    if not os.path.lexists(path):
        return State.ABSENT
    if not path.exists():
        return State.DANGLING
    data = _bytes(path)
    if not data.strip():
        return State.EMPTY
    if MARK.encode() not in data:
        return State.FOREIGN
    if not os.access(path, os.X_OK):
        return State.NOT_EXECUTABLE
    if not all(Path(needed).exists() for needed in _needed(data)):
        return State.BROKEN
    wanted = shim(hook, _guarded(path.parent, ())).encode()
    return State.LIVE if _OWN_LINES.sub(b"", data) == _OWN_LINES.sub(b"", wanted) else State.OUTDATED


def _needed(data: bytes) -> list[str]:
    """What a shim needs: its interpreter, and sotctl at the path where it was when the shim was written."""
    lines = re.findall(rb"^(?:python|home)=.*$", data, re.MULTILINE)
    values = dict(shlex.split(line.decode())[0].split("=", 1) for line in lines)
    return [values.get("python", ""), f"{values.get('home', '')}/sotctl/hooks/__main__.py"]


def _guarded(folder: Path, more: Sequence[str]) -> list[str]:
    """The refs that the reference-transaction hook in *folder* guards, and *more*."""
    found = _GUARDED.search(_bytes(folder / "reference-transaction"))
    named = shlex.split(found[1].decode())[0].split() if found else []
    return list(dict.fromkeys([*GUARDED, *named, *more]))


def guarded_refs(git: Git) -> list[str]:
    """The refs that the installed reference-transaction hook guards."""
    return _guarded(hooks_folder(git).path, ())


def _is_ours(path: Path) -> bool:
    return path.is_file() and MARK.encode() in _bytes(path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
