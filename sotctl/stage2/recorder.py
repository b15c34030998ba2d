"""The recorder: a loopback HTTP proxy between the backend and its model provider.

It passes a request on only when it asks for exactly the admitted model, streams the answer unchanged as it comes, and
keeps what was asked and who answered: never a header, a body or a query. HTTP itself is spoken by h11.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import h11

from sotctl.stage2.json_keys import DuplicateKeyError, unique_keys
from sotctl.stage2.served import ServedModels
from sotctl.stage2.upstream import Upstream, UpstreamError

MAX_REQUEST_BYTES = 32 * 1024 * 1024
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade host content-length accept-encoding expect".split()
)
_unique = unique_keys()
Headers = list[tuple[bytes, bytes]]


class _Refused(Exception):
    """A request that is not passed on: its HTTP status, and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Recorder:
    """Listens on a port of its own for as long as it is entered.

    Args:
        upstream: The base URL that requests go to.
        model: The admitted model, exactly.
        hosts: The hosts that the network class allows.
        agent: Names the agent at work when a request arrives.
        keep: Takes each record as it is complete.
    """

    def __init__(
        self,
        *,
        upstream: str,
        model: str,
        hosts: tuple[str, ...],
        agent: Callable[[], str],
        keep: Callable[[dict[str, Any]], None],
    ) -> None:
        self._upstream, self._model, self._hosts = Upstream(upstream), model, hosts
        self._agent, self._keep = agent, keep
        self._prefix = f"/{secrets.token_hex(16)}"
        self._served = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Recorder:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        self._upstream.close()

    @property
    def base_url(self) -> str:
        """What the backend is told to use; the prefix is not to be guessed by others on the machine."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}{self._prefix}"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(_Client(reader, writer))
        except (h11.RemoteProtocolError, h11.LocalProtocolError, ConnectionError, asyncio.CancelledError):
            pass  # the backend has gone, or does not speak HTTP: there is nobody to answer
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, client: _Client) -> None:
        while (request := await client.next_request()) is not None:
            await self._one(client, request)
            if not client.goes_on():
                return

    async def _one(self, client: _Client, request: h11.Request) -> None:
        begun = time.monotonic()
        record: dict[str, Any] = {
            "seq": 0,
            "started_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "agent": self._agent(),
            "method": request.method.decode("ascii", "replace"),
            "path": "",
            "host": self._upstream.host,
            "requested_model": None,
            "status": 0,
            "request_bytes": 0,
            "response_bytes": 0,
            "first_byte_ms": None,
            "duration_ms": 0.0,
            "served_models": [],
            "refused": None,
        }
        try:
            body = await client.body()
            record["request_bytes"] = len(body)
            target = self._checked(request, body, record)
            await self._pass_on(client, request, target, body, record, begun)
        except _Refused as refused:
            record |= {"status": refused.status, "refused": refused.reason}
            await client.answer(refused.status, refused.reason)
        except BaseException:
            record["refused"] = "the exchange was cut off"
            raise
        finally:
            record["duration_ms"] = _since(begun)
            self._served += 1
            record["seq"] = self._served
            self._keep(record)

    def _checked(self, request: h11.Request, body: bytes, record: dict[str, Any]) -> str:
        """The path to ask upstream for, of a request that may leave."""
        target = request.target.decode("ascii", "replace")
        path = urlsplit(target).path
        if not path.startswith(f"{self._prefix}/") or "/.." in path:
            raise _Refused(404, "the path is not below the recorder's base URL")
        record["path"] = path.removeprefix(self._prefix)
        if self._upstream.host not in self._hosts:
            raise _Refused(403, f"{self._upstream.host} is not in the allowed network class")
        try:
            values = json.loads(body, object_pairs_hook=_unique)
        except DuplicateKeyError:
            raise _Refused(403, "a key stands twice in the request, so that it could name two models") from None
        except (ValueError, RecursionError):
            raise _Refused(403, "the request names no model: its body is not JSON") from None
        if isinstance(values, dict) and any(_names_model(key) for key in values if key != "model"):
            raise _Refused(403, "the request names models besides `model`")
        if any(_names_model(name) for name, _ in parse_qsl(urlsplit(target).query.replace(";", "&"), True)):
            raise _Refused(403, "the request names a model in its query")
        model = values.get("model") if isinstance(values, dict) else None
        record["requested_model"] = model if isinstance(model, str) else None
        if model != self._model:
            raise _Refused(403, "the request does not ask for the admitted model")
        return target.removeprefix(self._prefix)

    async def _pass_on(
        self, client: _Client, request: h11.Request, target: str, body: bytes, record: dict[str, Any], begun: float
    ) -> None:
        headers = [(name, value) for name, value in request.headers.raw_items() if name.lower() not in _HOP_BY_HOP]
        try:
            answer = await self._upstream.ask(request.method, target, headers, body)
        except UpstreamError as error:
            raise _Refused(502, str(error)) from None
        record |= {"status": answer.status, "first_byte_ms": _since(begun)}
        served = ServedModels(answer.headers, answer.status)
        kept = [(name, value) for name, value in answer.headers if name.lower() not in _HOP_BY_HOP]
        length = [(name, value) for name, value in answer.headers if name.lower() == b"content-length"]
        await client.send(h11.Response(status_code=answer.status, headers=kept + length, reason=answer.reason))
        async for chunk in answer.chunks():
            served.feed(chunk)
            record["response_bytes"] += len(chunk)
            await client.send(h11.Data(data=chunk))
        await client.send(h11.EndOfMessage())
        record["served_models"] = served.models()


class _Client:
    """One connection of the backend."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=256 * 1024)

    async def next_request(self) -> h11.Request | None:
        """The next request, or None when the backend has closed the connection."""
        event = await self._event()
        return event if isinstance(event, h11.Request) else None

    async def body(self) -> bytes:
        """The body of the request at hand."""
        if self._http.they_are_waiting_for_100_continue:
            await self.send(h11.InformationalResponse(status_code=100, headers=[]))
        parts: list[bytes] = []
        size_bytes = 0
        while isinstance(event := await self._event(), h11.Data):
            parts.append(bytes(event.data))
            size_bytes += len(event.data)
            if size_bytes > MAX_REQUEST_BYTES:
                raise _Refused(413, "the request is too large")
        return b"".join(parts)

    async def send(self, event: Any) -> None:
        """Write an event, at once."""
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()

    async def answer(self, status: int, reason: str) -> None:
        """Answer in the recorder's own name."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        body = json.dumps({"error": {"type": "sotctl.recorder", "message": reason}}).encode()
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        await self.send(h11.Response(status_code=status, headers=headers))
        await self.send(h11.Data(data=body))
        await self.send(h11.EndOfMessage())

    def goes_on(self) -> bool:
        """Make ready for the next request; False when the connection ends."""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            return True
        return False

    async def _event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(64 * 1024))
        return event


def _names_model(key: str) -> bool:
    """Whether a key names models to some provider: not all of them tell small letters from capitals."""
    return key.strip().casefold() in ("model", "models")


def _since(begun: float) -> float:
    return round((time.monotonic() - begun) * 1000, 3)
