"""The requests of a run as the recorder saw them: as values, as lines of `requests.jsonl`, and what is wrong with them.

`docs/reference/stage2.md` describes the fields and the outcomes.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sotctl.evidence.causes import NOT_ADMITTED
from sotctl.evidence.files import LineError, Problem, json_lines
from sotctl.evidence.values import ShapeError, from_json


class Outcome(StrEnum):
    """The outcome of one request."""

    ANSWERED = "answered"
    """The upstream answered to the end, with whatever status."""
    OTHER_MODEL = "other-model"
    """Refused: it names another model than the admitted one, or none where one is required."""
    AMBIGUOUS = "ambiguous"
    """Refused: two readers could take two models from it."""
    HOST_NOT_ALLOWED = "host-not-allowed"
    """Refused: the upstream's host is not in the network class."""
    MODELS_LISTED = "models-listed"
    """Answered by the recorder, which lists only the admitted model."""
    UNKNOWN_PATH = "unknown-path"
    """404 by the recorder: the wire has no such path, and no other model is named."""
    UPGRADE_REFUSED = "upgrade-refused"
    """426 by the recorder: a WebSocket was asked for."""
    ENCODING_REFUSED = "encoding-refused"
    """415 by the recorder: the body is in a content-encoding that it does not read."""
    TOO_MANY = "too-many"
    """The last one that is recorded: the program sends requests without end."""
    TOO_LARGE = "too-large"
    """413 by the recorder."""
    INCOMPLETE = "incomplete"
    """The client left, or stopped sending, before the request was whole; 408 where it still listens."""
    CREDENTIAL_UNUSABLE = "credential-unusable"
    """502 by the recorder: the credential store could not be used at that moment."""
    UPSTREAM_UNREACHABLE = "upstream-unreachable"
    """502 by the recorder: no connection, or no name."""
    UPSTREAM_TLS = "upstream-tls"
    """502 by the recorder: the TLS handshake failed, or the certificate is not trusted."""
    UPSTREAM_RESET = "upstream-reset"
    """502 by the recorder: the connection ended before the head of an answer."""
    UPSTREAM_NOT_HTTP = "upstream-not-http"
    """502 by the recorder: what came back is not HTTP."""
    ANSWER_CUT_OFF = "answer-cut-off"
    """The upstream began to answer and did not end."""
    CLIENT_LEFT = "client-left"
    """The program closed its connection before the end of the answer."""
    UNFINISHED = "unfinished"
    """The run ended first."""


UNREADABLE = "(unreadable)"
"""In place of a served model where an answer is ambiguous or unreadable."""

BREACHES = frozenset({Outcome.OTHER_MODEL, Outcome.AMBIGUOUS, Outcome.HOST_NOT_ALLOWED})
"""Outcomes that always fail a run."""

NEUTRAL = frozenset(
    {Outcome.MODELS_LISTED, Outcome.UNKNOWN_PATH, Outcome.UPGRADE_REFUSED, Outcome.ENCODING_REFUSED}
    | {Outcome.TOO_LARGE, Outcome.INCOMPLETE}
)
"""Outcomes that are not breaches: the recorder answers itself, and no model is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request of the program: never a header, a body or a query.

    `seq` counts from 1 in the order in which the records were complete; `connection` counts the program's connections.
    `agent` is who asked, as far as the backend can tell. `generates` is false for requests beside the answer itself,
    such as counting tokens. `served_models` are the names under which it was answered; `detail` says more of the
    outcome, for a person.
    """

    seq: int
    started_at: str
    agent: str
    connection: int
    method: str
    path: str
    host: str
    requested_model: str | None
    generates: bool
    outcome: Outcome
    detail: str
    status: int
    served_models: tuple[str, ...]
    request_bytes: int
    response_bytes: int
    first_byte_ms: float | None
    duration_ms: float

    @property
    def is_read(self) -> bool:
        """Whether the program got the answer, as far as it read it: many close a stream before its last byte."""
        return self.outcome is Outcome.ANSWERED or (self.outcome is Outcome.CLIENT_LEFT and self.response_bytes > 0)

    @property
    def is_answered(self) -> bool:
        """Whether the upstream answered it well."""
        return self.is_read and 200 <= self.status < 300 and self.generates


def parse_recorded(data: bytes) -> tuple[RecordedRequest, ...]:
    """Read `requests.jsonl`.

    Raises:
        LineError: A line is not one that the recorder writes, or its number is not the one that follows.
    """
    found = []
    for number, values in enumerate(json_lines(data), 1):
        try:
            request = from_json(RecordedRequest, values)
        except ShapeError:
            raise LineError(number) from None
        if request.seq != number:
            raise LineError(number)
        found.append(request)
    return tuple(found)


def request_problems(
    requests: Sequence[RecordedRequest],
    *,
    agents: Sequence[str],
    model: str,
    served_models: Sequence[str] = (),
    hosts: Sequence[str],
) -> Iterator[Problem]:
    """What is wrong with the requests of a run, the gravest first; each reason once, with a count.

    A failed request does not count if the same agent asked again and was answered.

    Args:
        agents: Those who must have an answered request.
        served_models: Names under which the admitted model may answer, besides its own.
    """
    known = {model, *served_models}
    asked = (
        f"{_who(request)} asked for {request.requested_model or 'no model'}: {request.detail}"
        for request in _of(requests, Outcome.OTHER_MODEL)
    )
    yield from _counted("other-model-requested", NOT_ADMITTED, asked)
    ambiguous = (
        f"a request of {_who(request)} could be read in two ways: {request.detail}"
        for request in _of(requests, Outcome.AMBIGUOUS)
    )
    yield from _counted("request-ambiguous", NOT_ADMITTED, ambiguous)
    refused = _of(requests, Outcome.HOST_NOT_ALLOWED)
    refused += [request for request in requests if request.outcome not in BREACHES and request.host not in hosts]
    elsewhere = (f"a request was for {request.host}, which the network class does not allow" for request in refused)
    yield from _counted("host-not-allowed", NOT_ADMITTED, elsewhere)
    served = (
        f"the server answered {_who(request)} as {strange[0]}"
        for request in requests
        if (strange := [name for name in request.served_models if name not in known | {UNREADABLE}])
    )
    yield from _counted("other-model-served", NOT_ADMITTED, served)
    unreadable = (
        f"which model answered {_who(request)} cannot be read from the answer"
        for request in requests
        if request.is_read and UNREADABLE in request.served_models
    )
    yield from _counted("answer-unreadable", NOT_ADMITTED, unreadable)
    yield from _counted("too-many-requests", "", (request.detail for request in _of(requests, Outcome.TOO_MANY)))
    failed = [request for request in requests if _has_failed(request) and not _is_answered_later(request, requests)]
    for reason in dict.fromkeys(_reason(request) for request in failed):
        yield from _counted(reason, "", (_failure(request) for request in failed if _reason(request) == reason))
    yield from _silent_agents(requests, agents, {request.agent for request in failed})


def other_names(requests: Sequence[RecordedRequest], *, model: str, served_models: Sequence[str] = ()) -> list[str]:
    """The names under which the server answered, and that are not allowed; sorted."""
    known = {model, *served_models, UNREADABLE}
    return sorted({name for request in requests for name in request.served_models} - known)


def supersede_command(issue: str, names: Sequence[str]) -> str:
    """The command that begins a decision under which the admitted model may also answer by these names."""
    words = " ".join(f"--set {shlex.quote(f'served_models={name}')}" for name in names)
    return f"sotctl decide {issue or 'ISSUE'} {words}"


def _counted(reason: str, status: str, messages: Iterable[str]) -> Iterator[Problem]:
    """One problem for all of a kind; its sentence describes the first."""
    found = list(messages)
    if found:
        yield Problem(reason=reason, message=found[0], status=status, count=len(found))


def _of(requests: Sequence[RecordedRequest], outcome: Outcome) -> list[RecordedRequest]:
    return [request for request in requests if request.outcome is outcome]


def _who(request: RecordedRequest) -> str:
    return request.agent or "an agent"


def _has_failed(request: RecordedRequest) -> bool:
    """Whether the provider owed an answer: not where the recorder answered itself, or the program gave up."""
    if request.outcome in BREACHES | NEUTRAL | {Outcome.CLIENT_LEFT, Outcome.UNFINISHED, Outcome.TOO_MANY}:
        return False
    return request.outcome is not Outcome.ANSWERED or not 200 <= request.status < 300


def _is_answered_later(request: RecordedRequest, requests: Sequence[RecordedRequest]) -> bool:
    later = requests[request.seq :]
    return any(other.is_answered and other.agent == request.agent for other in later)


def _reason(request: RecordedRequest) -> str:
    return "provider-refused" if request.outcome is Outcome.ANSWERED else str(request.outcome)


def _failure(request: RecordedRequest) -> str:
    if request.outcome is Outcome.ANSWERED:
        verb = "refused" if 400 <= request.status < 500 else "answered"
        return f"{request.host} {verb} a request of {_who(request)} with status {request.status}"
    return f"a request of {_who(request)} was not answered: {request.detail}"


def _silent_agents(requests: Sequence[RecordedRequest], agents: Sequence[str], failed: set[str]) -> Iterator[Problem]:
    """Agents without an answered request, unless an earlier problem explains it."""
    if not any(request.outcome not in NEUTRAL for request in requests):
        yield Problem(reason="no-model-request", message="the recorder saw no request for a model at all")
        return
    answered = {request.agent for request in requests if request.is_answered}
    silent = [agent for agent in dict.fromkeys(agents) if agent not in answered | failed]
    yield from _counted(
        "agent-without-request", "", (f"the recorder saw no answered request of {agent}" for agent in silent)
    )
