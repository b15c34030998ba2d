"""A backend's own account: the agents it started, and how its work ended."""

from __future__ import annotations

from dataclasses import dataclass

from sotctl.evidence.files import Problem

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawn:
    """One agent as the backend says it was started; `cwd` is "" where its log does not name it."""

    agent: str
    cwd: str
    provider: str
    model: str

    @property
    def pair(self) -> Pair:
        """Provider and model."""
        return self.provider, self.model


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A backend's log as a value.

    `agents` are those that the run must show. `run_id` and `outcome` are the backend's own, "" where it has none.
    `problems` say why the log is not the whole account of one fresh, completed run.
    """

    spawns: tuple[Spawn, ...]
    agents: tuple[str, ...]
    run_id: str = ""
    outcome: str = ""
    problems: tuple[Problem, ...] = ()
