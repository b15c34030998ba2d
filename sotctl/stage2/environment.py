"""The environment of the program: built from empty."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "TERM")


def build(run_dir: Path, path: str, own: Mapping[str, str], inherited: Mapping[str, str]) -> dict[str, str]:
    """Folders inside *run_dir*, the backend's own variables, and those of the terminal's language and time."""
    home = run_dir / "home"
    common = {
        "PATH": path or inherited.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(run_dir / "tmp"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    kept = {name: inherited[name] for name in KEPT if name in inherited}
    return {**kept, **common, **own}


def dropped(environment: Mapping[str, str], inherited: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the inherited variables that the program gets not at all, or with another value."""
    return tuple(sorted(name for name, value in inherited.items() if environment.get(name) != value))
