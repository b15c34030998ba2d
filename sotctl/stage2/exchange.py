"""One request of the program: checked, passed on with the credential, and answered as the answer comes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import h11

from sotctl.documents.quote import quote
from sotctl.evidence.requests import Outcome, RecordedRequest
from sotctl.stage2 import naming
from sotctl.stage2.client import Client
from sotctl.stage2.credential import Credential, CredentialError
from sotctl.stage2.naming import NotPassed
from sotctl.stage2.served import Held, ServedModels
from sotctl.stage2.upstream import Answer, Upstream, UpstreamError
from sotctl.stage2.wires import Headers, Operation, Wire

T = TypeVar("T")
PARSED_ASIDE_BYTES = 1024 * 1024
_MOST_PATH = 2000
_STATUS = {
    Outcome.UNKNOWN_PATH: 404,
    Outcome.UPGRADE_REFUSED: 426,
    Outcome.ENCODING_REFUSED: 415,
    Outcome.TOO_LARGE: 413,
    Outcome.INCOMPLETE: 408,
}
"""What a request that is not passed on is answered with; 403 where it fails the run."""
_FORWARDED = frozenset({b"accept", b"user-agent", b"accept-language", b"idempotency-key", b"x-request-id"})
_FORWARDED_PREFIX = b"x-stainless-"
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade".split()
)
_KEPT_BACK = frozenset({b"set-cookie", b"alt-svc"})
"""Headers of an answer that would give the program a session of its own, or another way to the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What every request is checked against, and the upstream.

    `allowed_host` is the entry of the network class that allows the upstream; None where none does.
    """

    upstream: Upstream
    wire: Wire
    provider: str
    model: str
    allowed_host: str | None
    credential: Credential
    held: Held


@dataclass(slots=True, kw_only=True)
class Draft:
    """The record of a request in progress, from the moment when it came."""

    connection: int
    agent: str
    method: str
    started_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    begun: float = field(default_factory=time.monotonic)
    path: str = ""
    model: str | None = None
    generates: bool = False
    outcome: Outcome = Outcome.UNFINISHED
    detail: str = ""
    status: int = 0
    served: tuple[str, ...] = ()
    request_bytes: int = 0
    response_bytes: int = 0
    first_byte_ms: float | None = None

    def elapsed_ms(self) -> float:
        """Milliseconds since the request began."""
        return round((time.monotonic() - self.begun) * 1000, 3)

    def record(self, seq: int, host: str) -> RecordedRequest:
        """The final record."""
        return RecordedRequest(
            seq=seq,
            started_at=self.started_at,
            agent=self.agent,
            connection=self.connection,
            method=self.method,
            path=self.path[:_MOST_PATH],
            host=host,
            requested_model=self.model,
            generates=self.generates,
            outcome=self.outcome,
            detail=self.detail,
            status=self.status,
            served_models=self.served,
            request_bytes=self.request_bytes,
            response_bytes=self.response_bytes,
            first_byte_ms=self.first_byte_ms,
            duration_ms=self.elapsed_ms(),
        )


class Exchange:
    """One request and its answer."""

    def __init__(self, terms: Terms, client: Client, request: h11.Request, draft: Draft) -> None:
        self._terms, self._client, self._request, self._draft = terms, client, request, draft
        self._headers: Headers = [(name.lower(), value) for name, value in request.headers.raw_items()]

    async def run(self, prefix: str) -> None:
        """Handle the request to its end; the draft holds the outcome.

        Raises:
            ConnectionError: The program has left.
        """
        draft = self._draft
        try:
            await self._answer(prefix)
        except NotPassed as refused:
            draft.outcome, draft.detail = refused.outcome, refused.detail
            draft.model = refused.model or draft.model
            draft.status = _STATUS.get(refused.outcome, 403)
            upgrade = [("upgrade", "http/1.1")] if refused.outcome is Outcome.UPGRADE_REFUSED else []
            await self._client.refuse(draft.status, refused.detail, upgrade)
        except CredentialError as error:
            await self._fail(Outcome.CREDENTIAL_UNUSABLE, str(error))
        except UpstreamError as error:
            await self._fail(error.outcome, error.detail)
        except h11.LocalProtocolError:
            await self._fail(Outcome.UPSTREAM_NOT_HTTP, "the answer is not HTTP that can be passed on")
        except (ConnectionError, h11.RemoteProtocolError):
            draft.outcome, draft.detail = Outcome.CLIENT_LEFT, "the program closed its connection"
            raise

    async def _fail(self, outcome: Outcome, detail: str) -> None:
        self._draft.outcome, self._draft.detail = outcome, detail
        self._draft.status = self._draft.status or 502
        await self._client.refuse(502, detail)

    async def _answer(self, prefix: str) -> None:
        async with self._client.body() as body:
            self._draft.request_bytes = len(body)
            path, query = self._checked_target(prefix)
            naming.check_surroundings(path, query, self._headers, self._terms.model)
            if any(name == b"upgrade" for name, _ in self._headers):
                raise NotPassed(Outcome.UPGRADE_REFUSED, "the recorder speaks only HTTP, not WebSocket")
            if self._request.method == b"GET" and path.rstrip("/").endswith("/models"):
                self._draft.outcome, self._draft.status = Outcome.MODELS_LISTED, 200
                await self._client.answer(200, self._terms.wire.models(self._terms.provider, self._terms.model), [])
                return
            operation = await self._checked_operation(path, body)
            answer = await self._unless_left(self._ask(operation, query, body))
        try:
            await self._unless_left(self._pass_back(answer))
        finally:
            answer.close()

    def _checked_target(self, prefix: str) -> tuple[str, str]:
        """The path below the prefix, and the query; a target that could be read in two ways is refused."""
        target = self._request.target.decode("ascii", "replace")
        self._draft.path = target.replace(prefix, "", 1).partition("?")[0]
        if not target.startswith(f"{prefix}/"):
            raise NotPassed(Outcome.AMBIGUOUS, "the target is not a path below the recorder's base URL")
        if self._terms.allowed_host is None:
            message = f"{self._terms.upstream.host} is not in the allowed network class"
            raise NotPassed(Outcome.HOST_NOT_ALLOWED, message)
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in self._headers}:
            raise NotPassed(Outcome.AMBIGUOUS, "the request says in two ways where its body ends")
        if "#" in target:
            behind = quote(target[target.index("#") :])
            raise NotPassed(
                Outcome.AMBIGUOUS, f"some readers would look for a query behind the # of the target: {behind}"
            )
        path, _, query = target.removeprefix(prefix).partition("?")
        naming.check_path(path)
        return path, query

    async def _checked_operation(self, path: str, body: bytearray) -> Operation:
        """What a request asks for that may be passed on."""
        encodings = {value.strip().lower() for name, value in self._headers if name == b"content-encoding"}
        if encodings - {b"identity"}:
            raise NotPassed(Outcome.ENCODING_REFUSED, "the body is in an encoding that the recorder does not read")
        terms, is_post = self._terms, self._request.method == b"POST"
        operation = terms.wire.operation(terms.provider, path) if is_post else None
        if operation is None:
            with contextlib.suppress(naming.UnreadableError):
                self._draft.model = naming.check_unknown(await _parsed(body), terms.model)
            raise NotPassed(Outcome.UNKNOWN_PATH, "the path is not that of a model request")
        self._draft.generates = operation.generates
        self._draft.model = naming.check_body(await _parsed(body), terms.model, in_path=operation.model)
        return operation

    async def _ask(self, operation: Operation, query: str, body: bytearray) -> Answer:
        terms = self._terms
        authorisation = terms.wire.authorisation(terms.credential.token(datetime.now(UTC)))
        forwarded = _FORWARDED | terms.wire.forwarded
        kept = [
            (name, value) for name, value in self._headers if name in forwarded or name.startswith(_FORWARDED_PREFIX)
        ]
        own = [(b"content-type", b"application/json"), (b"accept-encoding", b"identity"), (b"connection", b"close")]
        asked = "&".join(part for part in query.split("&") if part.partition("=")[0] in terms.wire.queries)
        return await terms.upstream.post(operation.path, asked, [*kept, *authorisation, *own], body)

    async def _pass_back(self, answer: Answer) -> None:
        draft, wire = self._draft, self._terms.wire
        draft.status, draft.first_byte_ms = answer.status, draft.elapsed_ms()
        served = ServedModels(wire.served, answer.headers, answer.status, held=self._terms.held)
        named = {value.decode("latin-1") for name, value in answer.headers if name.lower() in wire.served_headers}
        dropped = _HOP_BY_HOP | _KEPT_BACK
        if any(name.lower() == b"transfer-encoding" for name, _ in answer.headers):
            dropped |= {b"content-length"}  # HTTP ignores it beside Transfer-Encoding, and it would be wrong
        kept = [(name, value) for name, value in answer.headers if name.lower() not in dropped]
        try:
            await self._client.send(h11.Response(status_code=answer.status, headers=kept, reason=answer.reason))
            async for chunk in answer.chunks():
                served.feed(chunk)
                draft.response_bytes += len(chunk)
                await self._client.send(h11.Data(data=chunk))
            draft.outcome = Outcome.ANSWERED
        finally:
            names = served.models() if draft.outcome is Outcome.ANSWERED else served.models_so_far()
            draft.served = tuple(sorted({*names, *named}))
        await self._client.send(h11.EndOfMessage())

    async def _unless_left(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work; if the program closes its connection, stop it and close the upstream connection.

        Raises:
            ConnectionError: The program has left.
        """
        doing = asyncio.ensure_future(work)
        leaving = asyncio.ensure_future(self._client.left())
        try:
            await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                raise ConnectionResetError("the program has left")
            return doing.result()
        finally:
            for task in (doing, leaving):
                task.cancel()
            await asyncio.gather(doing, leaving, return_exceptions=True)


async def _parsed(body: bytes | bytearray) -> Any:
    """A body as JSON; a large one is parsed in a thread, so that other requests go on."""
    if len(body) > PARSED_ASIDE_BYTES:
        return await asyncio.to_thread(naming.parse_body, body)
    return naming.parse_body(body)
