"""Which pair was used, by the recorder's log and by the backend's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sotctl.evidence.account import Spawn
from sotctl.evidence.files import LineError, Problem, RunFiles, json_lines

NOT_ADMITTED = "not_admitted"
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as the recorder saw it; `refused` says why it was not passed on."""

    agent: str
    host: str
    model: str | None
    status: int
    served_models: tuple[str, ...]
    refused: str

    @property
    def is_answered(self) -> bool:
        """Whether the upstream gave an answer to it."""
        return not self.refused and 200 <= self.status < 300


def parse_requests(data: bytes) -> list[Request]:
    """Read what the recorder wrote.

    Raises:
        LineError: A line is not a JSON object as the recorder writes it, or its number is not the one that follows.
    """
    requests = []
    for number, values in enumerate(json_lines(data), 1):
        model, status, served = (values.get(name) for name in ("requested_model", "status", "served_models"))
        if (
            values.get("seq") != number
            or not isinstance(model, str | None)
            or not isinstance(status, int | None)
            or not isinstance(served, list | None)
        ):
            raise LineError(number)
        requests.append(
            Request(
                agent=str(values.get("agent") or ""),
                host=str(values.get("host") or ""),
                model=model,
                status=status or 0,
                served_models=tuple(str(name) for name in served or ()),
                refused=str(values.get("refused") or ""),
            )
        )
    return requests


def used(spawns: Sequence[Spawn], requests: Sequence[Request]) -> list[dict[str, Any]]:
    """What the report's `used` says: each agent with each pair it was started with, and its requests."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for spawn in spawns:
        key = (spawn.agent, spawn.provider, spawn.model)
        row = rows.setdefault(
            key, dict(zip(("agent", "provider", "model"), key, strict=True)) | {"spawns": 0, "requests": 0}
        )
        row["spawns"] += 1
    for row in rows.values():
        own = [request for request in requests if request.agent == row["agent"]]
        row["requests"] = sum(request.is_answered for request in own)
        row["served_models"] = sorted({model for request in own for model in request.served_models})
    return list(rows.values())


def spawn_problems(
    files: RunFiles,
    spawns: Sequence[Spawn],
    agents: Sequence[str],
    pair: Pair,
    fallback: Sequence[Pair],
    inside: str,
    issue: str,
) -> Iterator[Problem]:
    """What is wrong with the spawns: another pair, an agent that never started, or one outside the run directory."""
    for spawn in spawns:
        if spawn.pair != pair:
            kept = spawn.pair in fallback
            reason = "fallback-used" if kept else "other-pair-spawned"
            tail = f", a fallback pair: {issue or 'the issue'} stays blocked" if kept else ""
            message = f"{spawn.agent} was started with {spawn.provider}/{spawn.model}{tail}"
            yield Problem(reason=reason, message=message, status=NOT_ADMITTED)
        if spawn.cwd != inside and not spawn.cwd.startswith(f"{inside}/"):
            yield Problem(reason="spawn-outside", message=f"{spawn.agent} was started outside the run directory")
        elif ".." in spawn.cwd.split("/"):
            yield Problem(reason="spawn-outside", message=f"{spawn.agent} was started in a path that leads upwards")
        elif _is_through_link(files, spawn.cwd.removeprefix(inside)):
            yield Problem(reason="spawn-outside", message=f"{spawn.agent} was started behind a link")
    for agent in agents:
        if agent not in {spawn.agent for spawn in spawns}:
            yield Problem(reason="agent-not-spawned", message=f"nothing shows that {agent} was started")


def _is_through_link(files: RunFiles, path: str) -> bool:
    """Whether a part of a path in the run directory is a link: its target is unknown from its text."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    places = {"/".join(parts[: count + 1]) for count in range(len(parts))}
    return any(place in places and (files.read(place) or b"").startswith(b"link:") for place in files.paths())


def request_problems(
    requests: Sequence[Request], agents: Sequence[str], model: str, hosts: Sequence[str]
) -> Iterator[Problem]:
    """What is wrong with the requests, as the recorder saw them."""
    if not requests:
        yield Problem(reason="no-model-request", message="the recorder saw no request at all")
        return
    for request in requests:
        if request.model != model:
            message = f"{request.agent or 'an agent'} asked for {request.model or 'no model'}"
            yield Problem(reason="other-model-requested", message=message, status=NOT_ADMITTED)
        elif request.refused:
            yield Problem(reason="request-refused", message=f"a request was not passed on: {request.refused}")
        if request.host not in hosts:
            message = f"a request was for {request.host}, which the network class does not allow"
            yield Problem(reason="host-not-allowed", message=message, status=NOT_ADMITTED)
        if others := [served for served in request.served_models if served != model]:
            message = f"the server answered as {others[0]}"
            yield Problem(reason="other-model-served", message=message, status=NOT_ADMITTED)
    for agent in agents:
        if not any(request.agent == agent and request.is_answered for request in requests):
            yield Problem(reason="agent-without-request", message=f"the recorder saw no answered request of {agent}")
