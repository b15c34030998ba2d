"""The model provider's side of the recorder: one connection for each request, and the answer as it comes.

A connection is never used twice. So no request meets a connection that the provider has just closed, after which it
would be unknown whether it was served (RFC 9110, 9.2.2), and no late answer can be taken for that of the next request.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from typing import Any, cast
from urllib.parse import urlsplit

import h11

from sotctl.evidence.requests import Outcome
from sotctl.stage2.request import require_upstream
from sotctl.stage2.wires import Headers

CONNECT_TIMEOUT_S = 30.0
_CHUNK_BYTES = 64 * 1024
_OPTIONAL = ("/v1", "/v1beta", "/codex")
"""Parts of a path that some write as the end of the base URL."""


class UpstreamError(Exception):
    """The provider gave no answer: the outcome and the reason."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome, self.detail = outcome, detail


class Upstream:
    """A provider at a base URL."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(require_upstream(base_url))
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self._authority = parts.netloc.encode()
        self._path = parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    async def post(self, path: str, query: str, headers: Headers, body: bytearray) -> Answer:
        """Send a request once, and wait for the head of its answer.

        Raises:
            UpstreamError: There was none.
        """
        connection = await self._connect()
        request = h11.Request(
            method=b"POST",
            target=self._target(path) + (f"?{query}" if query else ""),
            headers=[(b"host", self._authority), *headers, (b"content-length", str(len(body)).encode())],
        )
        try:
            head = await connection.ask(request, body)
        except (OSError, h11.RemoteProtocolError) as error:
            connection.close()
            raise self._failed(error) from None
        except BaseException:
            connection.close()
            raise
        return Answer(head, connection)

    def _target(self, path: str) -> str:
        """The path below the base URL, where a first part that the base URL ends in is not written twice."""
        first = "/" + path.split("/")[1]
        return (self._path.removesuffix(first) if first in _OPTIONAL else self._path) + path

    async def _connect(self) -> _Connection:
        try:
            opening = asyncio.open_connection(self.host, self.port, ssl=self._tls, limit=_CHUNK_BYTES)
            return _Connection(*await asyncio.wait_for(opening, CONNECT_TIMEOUT_S))
        except ssl.SSLCertVerificationError as error:
            message = f"the certificate of {self.host} is not trusted ({error.verify_message})"
            raise UpstreamError(Outcome.UPSTREAM_TLS, message) from None
        except ssl.SSLError as error:
            message = f"the TLS handshake with {self.host} failed ({error.reason or type(error).__name__})"
            raise UpstreamError(Outcome.UPSTREAM_TLS, message) from None
        except (OSError, TimeoutError) as error:
            why = "its name is not known" if isinstance(error, socket.gaierror) else type(error).__name__
            raise UpstreamError(Outcome.UPSTREAM_UNREACHABLE, f"{self.host} cannot be reached ({why})") from None

    def _failed(self, error: Exception) -> UpstreamError:
        if isinstance(error, h11.RemoteProtocolError) and not isinstance(error, _ClosedError):
            return UpstreamError(Outcome.UPSTREAM_NOT_HTTP, f"{self.host} answered with something that is not HTTP")
        return UpstreamError(Outcome.UPSTREAM_RESET, f"{self.host} closed the connection before it answered")


class Answer:
    """The answer to one request: its head, and its chunks as they come."""

    def __init__(self, head: h11.Response, connection: _Connection) -> None:
        self.status, self.reason = head.status_code, head.reason
        self.headers: Headers = head.headers.raw_items()
        self._connection = connection

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes of the body, passed on as they arrive; whatever comes behind its end is dropped.

        Raises:
            UpstreamError: The answer did not come to its end.
        """
        try:
            while not isinstance(event := await self._connection.event(), h11.EndOfMessage):
                yield bytes(event.data)
        except (OSError, h11.RemoteProtocolError):
            raise UpstreamError(Outcome.ANSWER_CUT_OFF, "the answer was cut off before its end") from None

    def close(self) -> None:
        """End the connection, whether or not the answer has come to its end."""
        self._connection.close()


class _ClosedError(h11.RemoteProtocolError):
    """The connection ended where an answer should begin."""


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=256 * 1024)
        self._has_begun = False

    async def ask(self, request: h11.Request, body: bytearray) -> h11.Response:
        """Send the request, and read its answer at once: a provider may answer before it has read all of it."""
        for part in (request, h11.Data(data=cast(bytes, body)), h11.EndOfMessage()):
            for data in self._http.send_with_data_passthrough(part) or ():
                self._writer.write(data)
        while not isinstance(event := await self.event(), h11.Response):
            if isinstance(event, h11.ConnectionClosed):
                raise _ClosedError("closed before an answer")
        return event

    async def event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = await self._reader.read(_CHUNK_BYTES)
            if not (data or self._has_begun):
                raise _ClosedError("closed before an answer")
            self._has_begun = True
            self._http.receive_data(data)
        return event

    def close(self) -> None:
        self._writer.transport.abort()
