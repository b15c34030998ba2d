"""The model provider's side of the recorder: connections that are kept, and answers as they come."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import h11

from sotctl.stage2.order import require_upstream

CONNECT_TIMEOUT_S = 30.0
Headers = list[tuple[bytes, bytes]]


class UpstreamError(Exception):
    """The provider could not be reached, or did not answer in HTTP."""


class Upstream:
    """A provider at a base URL; a connection that is free again serves the next request."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(require_upstream(base_url))
        self.host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._authority = parts.netloc.encode()
        self._path = parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._free: list[_Connection] = []

    async def ask(self, method: bytes, target: str, headers: Headers, body: bytes) -> Answer:
        """Send a request and wait for the head of its answer.

        Raises:
            UpstreamError: There was none.
        """
        request = h11.Request(
            method=method,
            target=f"{self._path}{target}",
            headers=[(b"host", self._authority), *headers, (b"content-length", str(len(body)).encode())],
        )
        while self._free:
            try:
                return await self._on(self._free.pop(), request, body)
            except UpstreamError:
                continue  # a provider may close a kept connection at any time; the request has had no answer
        return await self._on(await self._connect(), request, body)

    def close(self) -> None:
        """Close the connections that are free."""
        for connection in self._free:
            connection.close()

    async def _connect(self) -> _Connection:
        try:
            opening = asyncio.open_connection(self.host, self._port, ssl=self._tls)
            return _Connection(*await asyncio.wait_for(opening, CONNECT_TIMEOUT_S))
        except (OSError, TimeoutError) as error:
            raise UpstreamError(f"{self.host} cannot be reached ({type(error).__name__})") from None

    async def _on(self, connection: _Connection, request: h11.Request, body: bytes) -> Answer:
        try:
            head = await connection.ask(request, body)
        except (OSError, h11.RemoteProtocolError) as error:
            connection.close()
            raise UpstreamError(f"{self.host} did not answer ({type(error).__name__})") from None
        return Answer(head, connection, self._free)


class Answer:
    """The answer to one request: its head, and its chunks as they come."""

    def __init__(self, head: h11.Response, connection: _Connection, free: list[_Connection]) -> None:
        self.status, self.reason = head.status_code, head.reason
        self.headers: Headers = head.headers.raw_items()
        self._connection, self._free = connection, free

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes of the body, passed on as they arrive."""
        try:
            while not isinstance(event := await self._connection.event(), h11.EndOfMessage):
                yield bytes(event.data)
        except BaseException:
            self._connection.close()
            raise
        if self._connection.is_free():
            self._free.append(self._connection)
        else:
            self._connection.close()


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=256 * 1024)

    async def ask(self, request: h11.Request, body: bytes) -> h11.Response:
        parts = [self._http.send(request), self._http.send(h11.Data(data=body)), self._http.send(h11.EndOfMessage())]
        self._writer.write(b"".join(part for part in parts if part))
        await self._writer.drain()
        while not isinstance(event := await self.event(), h11.Response):
            if isinstance(event, h11.ConnectionClosed):
                raise h11.RemoteProtocolError("closed before an answer")
        return event

    async def event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(64 * 1024))
        return event

    def is_free(self) -> bool:
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            return True
        return False

    def close(self) -> None:
        self._writer.close()
