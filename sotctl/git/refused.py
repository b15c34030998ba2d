"""Why git does not open a repository."""

from __future__ import annotations

import os
from pathlib import Path

from sotctl.documents.quote import shown
from sotctl.errors import Command

_FATAL = "fatal: "
_TRUST = "git config --global --add safe.directory"


def is_outside(said: bytes) -> bool:
    """Whether git says that there is no repository at all; *said* is what it wrote to stderr."""
    return b"not a git repository (or any" in said or not said.strip()


def why_refused(path: Path, said: bytes) -> tuple[str, str]:
    """Why git does not open the repository at *path*, and what mends it; *said* is what git wrote to stderr."""
    where = shown(str(path))
    if is_outside(said):
        return f"{where} is not inside a git repository", Command("git init")
    lines = [line.strip() for line in os.fsdecode(said).splitlines() if line.strip()]
    if b"dubious ownership" in said:
        trust = next((line for line in lines if line.startswith(_TRUST)), f"{_TRUST} {where}")
        return f"git does not trust {where}, which belongs to another user", Command(shown(trust))
    reason = next((line for line in lines if line.startswith(_FATAL)), lines[0]).removeprefix(_FATAL)
    return f"git cannot use {where}: {shown(reason)}", Command("git status")
