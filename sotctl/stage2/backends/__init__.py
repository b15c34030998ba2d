"""One file for each backend, with `BACKEND`: what it is given, what it may be asked, and where it writes.

A backend is a process that speaks to its provider through the recorder. A second one is one more file here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl import registry
from sotctl.stage2.fixture import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """How one backend is put to work.

    `argv_problem` says what is wrong with a command; `prepare` writes what the backend reads and gives the values that
    stand for `{…}` in the command; `event_log` finds the log it wrote; `projects` gives the manifest that `prepare`
    writes for a run directory of that path.
    """

    id: str
    argv_problem: Callable[[Sequence[str]], str | None]
    prepare: Callable[[Path, Task, str, str, str], Mapping[str, str]]
    event_log: Callable[[Path, Task], bytes | None]
    projects: Callable[[str, Task], bytes]


def backends() -> dict[str, Backend]:
    """Every backend there is a file for, by name."""
    from sotctl.stage2 import backends as package

    return {backend.id: backend for backend in registry.load(package, "BACKEND")}
