"""The requests of a run of v1, as the recorder wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sotctl.evidence.causes import NOT_ADMITTED
from sotctl.evidence.files import LineError, Problem, json_lines


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
