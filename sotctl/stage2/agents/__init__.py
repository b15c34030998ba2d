"""One package for each backend, with `AGENT`: everything that sotctl knows of that program.

Nothing outside a package depends on its program: a further backend is a further package here, and nothing else changes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sotctl import registry
from sotctl.evidence.account import Account, Pair, Spawn
from sotctl.evidence.files import Problem, RunFiles, stream
from sotctl.stage2.tasks import Task

KEY_VARIABLE = "SOTCTL_STAND_IN_KEY"
"""The variable in which a program finds the stand-in, where its configuration can name one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a program is set up for: a run directory, a task, the admitted pair, and the recorder as its provider."""

    run_dir: str
    task: Task
    provider: str
    model: str
    base_url: str

    @property
    def fixture(self) -> str:
        """Where the program works."""
        return f"{self.run_dir}/fixture/real"


class Agent(Protocol):
    """A coding agent that is run as a backend."""

    id: str
    program: str
    """The program that is looked up on PATH; "" where a launcher must be given."""
    launcher: str
    """An example of a launcher, or how to install the program: the hint where it is missing."""
    folders: tuple[str, ...]
    """Its own folders in the run directory, which the program may write."""
    log: str
    """`stdout` or `stderr`: where it says which agents it starts."""
    program_says_spawns: bool
    """Whether it starts agents and logs that; a program with one agent does not."""
    works_in_fixture: bool
    """Whether its working directory is the fixture; otherwise it is the empty home."""
    locks: tuple[str, ...]
    """Folders in the run directory that hold only locks of its processes; they are removed once those have ended."""

    def wire(self, provider: str) -> str | None:
        """The id of the wire over which it reaches a provider; None where it cannot."""

    def options(self, setting: Setting, runtime: str) -> tuple[str, ...]:
        """The options between the runtime's path and the entry."""

    def arguments(self, setting: Setting) -> tuple[str, ...]:
        """The arguments after the entry."""

    def files(self, setting: Setting) -> Mapping[str, bytes]:
        """Files written before the start that must be unchanged at the end, by path in the run directory."""

    def task_files(self, setting: Setting) -> Mapping[str, bytes]:
        """Files written before the start that may change: the task."""

    def environment(self, setting: Setting, stand_in: str) -> Mapping[str, str]:
        """Its variables besides those that every program gets; *stand_in* takes the place of the provider's key."""

    def spawned(self, line: bytes) -> Spawn | None:
        """The agent that a line of its log reports as started."""

    def event_log(self, run_dir: Path, task: Task) -> bytes | None:
        """The log that it writes to a file; None if there is none."""

    def account(self, files: RunFiles, setting: Setting) -> Account:
        """The account in its logs, read from the copies in `backend/`."""

    def problems(self, files: RunFiles, setting: Setting) -> Iterator[Problem]:
        """Problems of its files: another pair that they could select, and files that it would load by itself."""


def agents() -> dict[str, Agent]:
    """Every backend there is a package for, by name."""
    from sotctl.stage2 import agents as package

    return {agent.id: agent for agent in registry.load(package, "AGENT")}


class SingleAgent:
    """A program with one agent: it works in the fixture, takes its task as an argument, and logs events on stdout."""

    id: str
    log = "stdout"
    program_says_spawns = False
    works_in_fixture = True
    locks: tuple[str, ...] = ()

    def options(self, setting: Setting, runtime: str) -> tuple[str, ...]:
        """Its runtime needs none."""
        return ()

    def task_files(self, setting: Setting) -> Mapping[str, bytes]:
        """The task is an argument."""
        return {}

    def spawned(self, line: bytes) -> Spawn | None:
        """It starts no agents."""
        return None

    def event_log(self, run_dir: Path, task: Task) -> bytes | None:
        """Its events are its standard output."""
        return None

    def events(self, files: RunFiles) -> list[dict[str, Any]]:
        """The JSON objects of its standard output, one a line; other lines may stand between them."""
        lines = (files.read(stream(self.id, "stdout")) or b"").splitlines()
        return [values for line in lines if (values := json_object(line))]

    def accounted(self, setting: Setting, *, outcome: str, run_id: str, pairs: Iterable[Pair] = ()) -> Account:
        """Its account, with each pair that its log names; the admitted one where the log names none."""
        named = dict.fromkeys(pairs) or [(setting.provider, setting.model)]
        spawns = tuple(Spawn(agent=self.id, cwd=setting.fixture, provider=pair[0], model=pair[1]) for pair in named)
        message = f"its log does not end with the completion of the work: {outcome}"
        problems = () if outcome == "completed" else (Problem(reason="pipeline-not-completed", message=message),)
        return Account(spawns=spawns, agents=(self.id,), outcome=outcome, run_id=run_id, problems=problems)


def json_object(line: bytes) -> dict[str, Any]:
    """One line of a log as a JSON object; empty for any other line."""
    try:
        value = json.loads(line) if line.startswith(b"{") else None
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def loaded_below(files: RunFiles, folder: str, names: Collection[str], program: str) -> Iterator[Problem]:
    """Files and folders at the top of *folder* that the program would load by itself."""
    there = {
        path.removeprefix(f"{folder}/").partition("/")[0] for path in files.paths() if path.startswith(f"{folder}/")
    }
    for name in sorted(there & set(names)):
        message = f"{folder}/{name} is there, and {program} loads it from where it is started"
        yield Problem(reason="environment-file", message=message, status="mismatch")


def changed_files(files: RunFiles, written: Mapping[str, bytes], reason: str) -> Iterator[Problem]:
    """The files of a configuration that are not the bytes that were written."""
    for path, data in written.items():
        if files.read(path) != data:
            message = f"{path} is not the one that was written, in which the recorder is the only provider"
            yield Problem(reason=reason, message=message, status="mismatch")
