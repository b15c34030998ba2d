"""Reads Case's logs: the lines on stderr, and the event log.

The recorder overrules both; both must be whole. Source: the public project `workos/case`,
measured on its commit of 2026-05-16.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sotctl.evidence.account import Spawn
from sotctl.evidence.files import LineError, Problem, json_lines
from sotctl.stage2.agents import json_object

AGENTS = ("implementer", "verifier", "reviewer", "closer")
"""The agents that the profile `standard` runs at the least; a plan may name more."""
COMPLETED, SKIPPED = "completed", "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The content of stderr: the spawns in order, and the pipeline's own run id and outcome ("" if absent)."""

    spawns: tuple[Spawn, ...]
    run_id: str
    outcome: str
    problems: tuple[Problem, ...] = ()


def spawn_of(values: dict[str, Any]) -> Spawn | None:
    """The spawn that a line reports, or None."""
    if values.get("msg") != "spawning agent":
        return None
    named = {name: str(values.get(name) or "") for name in ("agent", "cwd", "provider", "model")}
    return Spawn(**named)


def parse_log(data: bytes) -> Log:
    """Read stderr."""
    lines = [values for line in data.splitlines() if (values := json_object(line))]
    started = next((line for line in lines if line.get("msg") == "pipeline started"), {})
    finished = next((line for line in lines if line.get("msg") == "pipeline finished"), {})
    return Log(
        spawns=tuple(spawn for line in lines if (spawn := spawn_of(line))),
        run_id=str(started.get("runId") or ""),
        outcome=str(finished.get("outcome") or ""),
        problems=tuple(_log_problems(lines)),
    )


def _log_problems(lines: list[dict[str, Any]]) -> Iterator[Problem]:
    """Why stderr contradicts one completed pipeline; it may be silent."""
    ends = [line for line in lines if line.get("msg") in ("pipeline started", "pipeline finished")]
    if len({repr(line.get("runId")) for line in ends}) > 1 or len({line["msg"] for line in ends}) < len(ends):
        yield _problem("events-other-run", "stderr tells of more than one run")
    for line in ends:
        if line["msg"] == "pipeline finished" and line.get("outcome") != COMPLETED:
            yield _problem("pipeline-not-completed", f"on stderr, the pipeline finished with `{line.get('outcome')}`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The event log: its agents, and why it is not the whole account of one fresh run."""

    agents: tuple[str, ...]
    problems: tuple[Problem, ...]


def parse_events(data: bytes | None, *, run_id: str, task_id: str, as_v1: bool = False) -> Events:
    """Read the event log of the run of that task which stderr calls *run_id*.

    Args:
        as_v1: Take every `skipped` phase for a failure, as for runs of v1.
    """
    if not data:
        return Events(agents=AGENTS, problems=(_problem("events-missing", "there is no event log"),))
    try:
        events = list(json_lines(data))
    except LineError as error:
        return Events(agents=AGENTS, problems=(_problem("events-broken", f"the event log: {error}"),))
    if not as_v1:
        events.sort(key=_sequence)
    named = _planned(events) | {str(event["agent"]) for event in events if event.get("agent")}
    agents = (*AGENTS, *sorted(named - set(AGENTS) - {"orchestrator"}))
    return Events(agents=agents, problems=tuple(_event_problems(events, run_id, task_id, agents, as_v1)))


def _sequence(event: dict[str, Any]) -> int:
    """The number of an event. Case does not wait until one is written: on disk, two may have changed places."""
    number = event.get("sequence")
    return number if isinstance(number, int) else 0


def _planned(events: Iterable[dict[str, Any]]) -> set[str]:
    plan = next((event.get("plan") for event in events if event.get("event") == "pipeline_start"), None)
    if isinstance(plan, dict):
        plan = plan.get("phases")
    steps = plan if isinstance(plan, list) else []
    return {str(step["agent"] if isinstance(step, dict) else step) for step in steps if _names_agent(step)}


def _names_agent(step: object) -> bool:
    return isinstance(step, str) or (isinstance(step, dict) and bool(step.get("agent")))


def _event_problems(
    events: list[dict[str, Any]], run_id: str, task_id: str, agents: Iterable[str], as_v1: bool
) -> Iterator[Problem]:
    if [event.get("sequence") for event in events] != list(range(1, len(events) + 1)):
        yield _problem("events-sequence", "the event log does not count from 1 without a hole")
    if any(event.get("runId") != run_id for event in events) or not run_id:
        yield _problem("events-other-run", "the event log is not that of the one run that stderr tells of")
    plans = [event["plan"] for event in events if isinstance(event.get("plan"), dict)]
    if any(plan.get("runId", run_id) != run_id for plan in plans) and not as_v1:
        yield _problem("events-other-run", "the plan in the event log is that of another run")
    if any(event.get("taskId") != task_id for event in events if event.get("event") == "pipeline_start"):
        yield _problem("events-other-run", "the event log is that of another task")
    if any(sum(event.get("event") == name for event in events) > 1 for name in ("pipeline_start", "pipeline_end")):
        yield _problem("events-other-run", "the event log tells of more than one run")
    yield from _phase_problems(events, agents, as_v1)
    first, last = events[0].get("event"), events[-1]
    if first != "pipeline_start" or (last.get("event"), last.get("outcome")) != ("pipeline_end", COMPLETED):
        yield _problem(
            "pipeline-not-completed", "the event log does not go from the pipeline's start to its completion"
        )


def _phase_problems(events: list[dict[str, Any]], agents: Iterable[str], as_v1: bool) -> Iterator[Problem]:
    open_phases: list[tuple[str, str]] = []
    completed: set[str] = set()
    for event in events:
        phase = str(event.get("phase")), str(event.get("agent"))
        if event.get("event") == "phase_start":
            open_phases.append(phase)
        elif event.get("event") == "phase_end":
            yield from _end_problems(str(event.get("outcome")), phase, open_phases, as_v1)
            if phase in open_phases:
                open_phases.remove(phase)
                if event.get("outcome") == COMPLETED:
                    completed.add(phase[1])
    if open_phases:
        yield _problem("phase-not-completed", f"the phase {open_phases[0][0]} was never ended")
    for agent in agents:
        if agent not in completed:
            yield _problem("phase-missing", f"the event log has no phase of {agent} that was started and completed")


def _end_problems(
    outcome: str, phase: tuple[str, str], open_phases: list[tuple[str, str]], as_v1: bool
) -> Iterator[Problem]:
    """What is wrong with the end of a phase; a revision cycle that was never started is ended as `skipped`."""
    if outcome == SKIPPED and phase not in open_phases and not as_v1:
        return
    if outcome != COMPLETED:
        yield _problem("phase-not-completed", f"the phase {phase[0]} ended with `{outcome}`")
    if phase not in open_phases:
        yield _problem("phase-not-completed", f"the phase {phase[0]} was ended and never started")


def _problem(reason: str, message: str) -> Problem:
    return Problem(reason=reason, message=message)
