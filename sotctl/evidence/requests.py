"""The requests of a run as the recorder saw them: as values, as lines of `requests.jsonl`, and what is wrong with them.

`docs/reference/stage2.md` describes the fields and the outcomes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sotctl.evidence.files import LineError, json_lines


class Outcome(StrEnum):
    """What became of one request."""

    ANSWERED = "answered"
    """The upstream answered to the end, with whatever status."""
    OTHER_MODEL = "other-model"
    """Refused: it names another model than the admitted one, or none where one is required."""
    AMBIGUOUS = "ambiguous"
    """Refused: two readers could take two models from it."""
    HOST_NOT_ALLOWED = "host-not-allowed"
    """Refused: the upstream's host is not in the network class."""
    MODELS_LISTED = "models-listed"
    """Answered by the recorder with the admitted model alone."""
    UNKNOWN_PATH = "unknown-path"
    """404 by the recorder: the path is none of the wire, and no other model is named."""
    UPGRADE_REFUSED = "upgrade-refused"
    """426 by the recorder: a WebSocket was asked for."""
    ENCODING_REFUSED = "encoding-refused"
    """415 by the recorder: the body is in a content-encoding that it does not read."""
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
    """502 by the recorder: what came back is no HTTP."""
    ANSWER_CUT_OFF = "answer-cut-off"
    """The upstream began to answer and did not end."""
    CLIENT_LEFT = "client-left"
    """The program closed its connection before the end of the answer."""
    UNFINISHED = "unfinished"
    """The run ended first."""


UNREADABLE = "(unreadable)"
"""Stands among the served models where an answer could be read in two ways, or not at all."""

BREACHES = frozenset({Outcome.OTHER_MODEL, Outcome.AMBIGUOUS, Outcome.HOST_NOT_ALLOWED})
"""What fails a run, however it goes on."""

NEUTRAL = frozenset(
    {Outcome.MODELS_LISTED, Outcome.UNKNOWN_PATH, Outcome.UPGRADE_REFUSED, Outcome.ENCODING_REFUSED}
    | {Outcome.TOO_LARGE, Outcome.INCOMPLETE}
)
"""What the recorder answers itself, and is no breach: no model was asked."""


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
    def is_answered(self) -> bool:
        """Whether the upstream answered it well, as far as the program read: many leave before a stream's last byte."""
        is_read = self.outcome is Outcome.ANSWERED or (self.outcome is Outcome.CLIENT_LEFT and self.response_bytes > 0)
        return is_read and 200 <= self.status < 300 and self.generates

    def to_json(self) -> dict[str, Any]:
        """As a line of `requests.jsonl` has it."""
        return {**dataclasses.asdict(self), "served_models": list(self.served_models)}


def to_lines(requests: list[RecordedRequest] | tuple[RecordedRequest, ...]) -> bytes:
    """The bytes of `requests.jsonl`."""
    return b"".join(json.dumps(request.to_json()).encode() + b"\n" for request in requests)


def parse_recorded(data: bytes) -> tuple[RecordedRequest, ...]:
    """Read what `to_lines` wrote.

    Raises:
        LineError: A line is not one that the recorder writes, or its number is not the one that follows.
    """
    found = []
    for number, values in enumerate(json_lines(data), 1):
        request = _request(values)
        if request is None or request.seq != number:
            raise LineError(number)
        found.append(request)
    return tuple(found)


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "seq": int,
    "started_at": str,
    "agent": str,
    "connection": int,
    "method": str,
    "path": str,
    "host": str,
    "requested_model": (str, type(None)),
    "generates": bool,
    "outcome": str,
    "detail": str,
    "status": int,
    "served_models": list,
    "request_bytes": int,
    "response_bytes": int,
    "first_byte_ms": (int, float, type(None)),
    "duration_ms": (int, float),
}


def _request(values: Mapping[str, Any]) -> RecordedRequest | None:
    served = values.get("served_models")
    if set(values) != set(_KINDS) or not isinstance(served, list) or not all(isinstance(name, str) for name in served):
        return None
    if not all(isinstance(values[name], kind) for name, kind in _KINDS.items()) or values["outcome"] not in set(
        Outcome
    ):
        return None
    return RecordedRequest(**{**values, "outcome": Outcome(values["outcome"]), "served_models": tuple(served)})
