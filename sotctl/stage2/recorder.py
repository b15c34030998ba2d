"""The recorder: an HTTP proxy between the program and its model provider, and the program's only way out.

It passes a request on only when it asks for exactly the admitted model, puts the credential in, streams the answer
unchanged as it comes, and keeps what was asked and who answered: never a header, a body or a query. Its records stay in
memory until the end. HTTP itself is spoken by h11. `docs/reference/stage2.md` describes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Sequence

import h11

from sotctl.documents.hosts import entry_for
from sotctl.evidence.requests import Outcome, RecordedRequest
from sotctl.evidence.values import to_json
from sotctl.stage2.client import Client, Reader
from sotctl.stage2.credential import Credential
from sotctl.stage2.exchange import Draft, Exchange, Terms
from sotctl.stage2.scan import withheld
from sotctl.stage2.served import Held
from sotctl.stage2.upstream import Upstream
from sotctl.stage2.wires import Wire

MAX_CONNECTIONS = 512
MAX_LARGE_AT_ONCE = 2
MAX_REQUESTS = 100_000
_BACKLOG = 1024
_END_TIMEOUT_S = 5.0


class Recorder:
    """Serves one program on one socket.

    Args:
        upstream: The base URL that requests go to.
        wire: The protocol that the program speaks.
        provider: The admitted provider.
        model: The admitted model, exactly.
        hosts: The hosts that the network class allows, each with a port or for every port.
        credential: What authorises the requests that are passed on.
        agent: Names the agent that is at work, which a request is then taken to come from.
        on_record: Called with each complete record.
    """

    def __init__(
        self,
        *,
        upstream: str,
        wire: Wire,
        provider: str,
        model: str,
        hosts: tuple[str, ...],
        credential: Credential,
        agent: Callable[[], str],
        on_record: Callable[[RecordedRequest], None] = lambda _: None,
    ) -> None:
        provider_side = Upstream(upstream)
        self._terms = Terms(
            upstream=provider_side,
            wire=wire,
            provider=provider,
            model=model,
            allowed_host=entry_for(hosts, provider_side.host, provider_side.port),
            credential=credential,
            held=Held(),
        )
        self._agent, self._on_record = agent, on_record
        self.base_path = f"/{secrets.token_hex(16)}"
        """The path below which the program asks; nobody else can guess it."""
        self._records: list[RecordedRequest] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = 0
        self._large = asyncio.Semaphore(MAX_LARGE_AT_ONCE)

    @contextlib.asynccontextmanager
    async def serve(self, listener: socket.socket) -> AsyncIterator[None]:
        """Serve on a socket that listens on loopback, which may be that of a sandbox; it is closed in the end."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._protocol, sock=listener, backlog=_BACKLOG)
        try:
            yield
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_END_TIMEOUT_S)
            await asyncio.sleep(0)  # a transport that was aborted closes its socket in the next turn of the loop

    @property
    def records(self) -> tuple[RecordedRequest, ...]:
        """What was recorded so far."""
        return tuple(self._records)

    @property
    def is_busy(self) -> bool:
        """Whether a connection of the program is open."""
        return bool(self._tasks)

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(Reader(), self._accept)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        assert isinstance(reader, Reader)
        if len(self._tasks) >= MAX_CONNECTIONS:
            writer.transport.abort()
            return
        self._tasks.add(task)
        self._connections += 1
        client = Client(reader, writer, self._large)
        try:
            await self._serve(client, self._connections)
        except (h11.RemoteProtocolError, h11.LocalProtocolError, ConnectionError, asyncio.CancelledError):
            pass  # the program has closed the connection, or does not speak HTTP
        finally:
            try:
                await client.finish()
            finally:
                self._tasks.discard(task)

    async def _serve(self, client: Client, connection: int) -> None:
        while (request := await self._next(client, connection)) is not None:
            if not self._is_known(request.target):
                await client.refuse(404, "not found")
                return
            draft = self._begin(connection, request.method.decode("ascii", "replace"))
            if len(self._records) >= MAX_REQUESTS - 1:
                self._keep_last(draft)
                await client.refuse(429, "too many requests")
                return
            try:
                await Exchange(self._terms, client, request, draft).run(self.base_path)
            finally:
                self._keep(draft)
            if not client.goes_on():
                return

    async def _next(self, client: Client, connection: int) -> h11.Request | None:
        """The next request; one that is not HTTP, or frames its body in two ways, is recorded and ends here."""
        try:
            return await client.next_request()
        except h11.RemoteProtocolError as error:
            if not self._is_known(client.received):
                raise
            draft = self._begin(connection, "")
            draft.outcome, draft.status = Outcome.AMBIGUOUS, 400
            draft.detail = f"the request is not plain HTTP: {error}"
            self._keep(draft)
            await client.refuse(draft.status, draft.detail)
            return None

    def _begin(self, connection: int, method: str) -> Draft:
        return Draft(connection=connection, agent=self._agent(), method=method)

    def _keep(self, draft: Draft) -> None:
        host = self._terms.allowed_host or self._terms.upstream.host
        record = draft.record(len(self._records) + 1, host)
        self._records.append(record)
        self._on_record(record)

    def _keep_last(self, draft: Draft) -> None:
        """Record that there are more requests than are kept; what comes after it is turned away."""
        if len(self._records) < MAX_REQUESTS:
            draft.outcome, draft.status = Outcome.TOO_MANY, 429
            draft.detail = f"the program sent more than {MAX_REQUESTS - 1} requests"
            self._keep(draft)

    def _is_known(self, data: bytes) -> bool:
        """Whether the base path stands anywhere in a target or a head: only the program knows it."""
        return self.base_path.encode() in data


def requests_bytes(records: Sequence[RecordedRequest], exact: Sequence[bytes]) -> bytes:
    """`requests.jsonl`; texts that look like a secret, or hold one of *exact*, are withheld."""
    return b"".join(json.dumps(_shown(record, exact)).encode() + b"\n" for record in records)


def _shown(record: RecordedRequest, exact: Sequence[bytes]) -> dict[str, object]:
    values = to_json(record)
    return {**withheld(values, exact), "started_at": values["started_at"], "outcome": values["outcome"]}
