"""The environment of the backend: built from empty, with an allow-list."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TERM")
_FORBIDDEN = re.compile(
    r"(?i)CASE_.*|BUN_.*|NODE_.*|LD_.*|DYLD_.*|GIT_.*|PYTHON.*|XDG_.*|SOTCTL_.*|CTO_.*|PI_.*|.*_BASE_URL"
    r"|(?:https?|all|no|ftp)_proxy|HOME|TMPDIR|PATH|SHELL|ENV|BASH_ENV|SSL_CERT_.*|SSH_.*"
)


def forbidden(names: Sequence[str]) -> str | None:
    """The first name that may not be handed on, since it changes what the backend reads or whom it reaches."""
    return next((name for name in names if _FORBIDDEN.fullmatch(name) or not re.fullmatch(r"\w+", name)), None)


def build(
    run_dir: Path, gate: Mapping[str, str], passed: Sequence[str], inherited: Mapping[str, str]
) -> dict[str, str]:
    """The backend's environment: directories inside *run_dir*, the gate's variables, and those handed on by name."""
    home = run_dir / "home"
    own = {
        "HOME": str(home),
        "TMPDIR": str(run_dir / "tmp"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "CASE_DATA_DIR": str(run_dir / "case-data"),
        "PI_CODING_AGENT_DIR": str(run_dir / "pi"),
    }
    kept = {name: inherited[name] for name in (*KEPT, *passed) if name in inherited}
    return {"PATH": os.defpath, **kept, **own, **gate}


def dropped(environment: Mapping[str, str], inherited: Mapping[str, str]) -> list[str]:
    """The names of the inherited variables that the backend does not get, or gets with another value."""
    return sorted(name for name, value in inherited.items() if environment.get(name) != value)
