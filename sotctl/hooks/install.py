"""Puts the hooks into a repository, beside those that are there, and takes them out again."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from sotctl.hooks import hooks
from sotctl.repository.files import remove_durably, write_durably
from sotctl.repository.git import Git

_MARK = "# Installed by sotctl"
_KEPT = ".before-sotctl"
_SHIM = """\
#!/bin/sh
{mark}: `sotctl hooks status` tells of it, `sotctl hooks uninstall` takes it out.
python={python}
if [ ! -x "$python" ]; then
    echo "sotctl: the interpreter $python is gone, so nothing can be checked; run: sotctl hooks install" >&2
    exit 1
fi
if [ -x "$0{kept}" ]; then
    "$0{kept}" "$@" || exit $?
fi
exec "$python" -I -m sotctl.hooks {name} "$@"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookStatus:
    """Whether one hook is live: `state` is `live`, `absent`, `foreign`, `not executable` or `outdated`."""

    name: str
    path: Path
    state: str
    chained: bool


def hooks_directory(git: Git) -> Path:
    """Where git looks for hooks, `core.hooksPath` respected."""
    return (git.top / git.text("rev-parse", "--git-path", "hooks")).resolve()


def install(git: Git) -> list[HookStatus]:
    """Write every hook; one that is there already is kept beside it and runs first."""
    folder = hooks_directory(git)
    folder.mkdir(parents=True, exist_ok=True)
    for name in hooks():
        path = folder / name
        if path.exists() and _MARK not in path.read_text("utf-8", "replace"):
            path.rename(path.with_name(f"{name}{_KEPT}"))
        write_durably(path, _shim(name).encode())
        path.chmod(0o755)
    return status(git)


def uninstall(git: Git) -> list[HookStatus]:
    """Take every hook of ours out and put back what was there before."""
    folder = hooks_directory(git)
    for name in hooks():
        path, kept = folder / name, folder / f"{name}{_KEPT}"
        if path.exists() and _MARK in path.read_text("utf-8", "replace"):
            remove_durably(path)
        if kept.exists() and not path.exists():
            kept.rename(path)
    return status(git)


def status(git: Git) -> list[HookStatus]:
    """The state of every hook."""
    folder = hooks_directory(git)
    return [
        HookStatus(
            name=name,
            path=folder / name,
            state=_state(folder / name, name),
            chained=(folder / f"{name}{_KEPT}").exists(),
        )
        for name in hooks()
    ]


def _state(path: Path, name: str) -> str:
    if not path.exists():
        return "absent"
    text = path.read_text("utf-8", "replace")
    if _MARK not in text:
        return "foreign"
    if not path.stat().st_mode & 0o100:
        return "not executable"
    return "live" if text == _shim(name) else "outdated"


def _shim(name: str) -> str:
    return _SHIM.format(mark=_MARK, python=shlex.quote(sys.executable), kept=_KEPT, name=name)
