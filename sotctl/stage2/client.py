"""The program's side of the recorder: one of its connections, its requests, and whether it is still there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import h11

from sotctl.evidence.requests import Outcome
from sotctl.stage2.naming import NotPassed

MAX_REQUEST_BYTES = 32 * 1024 * 1024
MAX_HEAD_BYTES = 64 * 1024
SMALL_BYTES = 1024 * 1024
IDLE_S = 60.0
_CHUNK_BYTES = 64 * 1024
_LOOK_EVERY_S = 0.25
_LINGER_S = 1.0


class Reader(asyncio.StreamReader):
    """A stream that notices the end of the other side's data even while nobody reads."""

    def __init__(self) -> None:
        super().__init__(limit=_CHUNK_BYTES)
        self.has_ended = asyncio.Event()

    def feed_eof(self) -> None:
        """Take the end."""
        super().feed_eof()
        self.has_ended.set()

    def set_exception(self, exc: BaseException) -> None:
        """Take the end of a connection that broke."""
        super().set_exception(exc)  # type: ignore[arg-type]
        self.has_ended.set()


class Client:
    """One connection of the program.

    Args:
        large: Admits few large bodies at a time, so that their memory is bounded.
    """

    def __init__(self, reader: Reader, writer: asyncio.StreamWriter, large: asyncio.Semaphore) -> None:
        self._reader, self._writer, self._large = reader, writer, large
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._received = b""

    async def next_request(self) -> h11.Request | None:
        """The next request, or None when the program has closed the connection.

        Raises:
            h11.RemoteProtocolError: It is not HTTP, or frames its body in two ways; `received` has its beginning.
        """
        self._received = self._http.trailing_data[0][:MAX_HEAD_BYTES]
        event = await self._event()
        return event if isinstance(event, h11.Request) else None

    @property
    def received(self) -> bytes:
        """The first bytes of the request at hand, as they came."""
        return self._received

    @contextlib.asynccontextmanager
    async def body(self) -> AsyncIterator[bytearray]:
        """The body of the request at hand; a large one waits for its turn, and keeps it until it is let go.

        Raises:
            NotPassed: It is too large, or does not come to its end.
        """
        async with contextlib.AsyncExitStack() as held:
            if self._http.they_are_waiting_for_100_continue:
                await self.send(h11.InformationalResponse(status_code=100, headers=[]))
            body, is_small = bytearray(), True
            while isinstance(event := await self._body_event(), h11.Data):
                body += event.data
                if len(body) > MAX_REQUEST_BYTES:
                    raise NotPassed(Outcome.TOO_LARGE, f"the body is larger than {MAX_REQUEST_BYTES >> 20} MiB")
                if is_small and len(body) > SMALL_BYTES:
                    await held.enter_async_context(self._large)
                    is_small = False
            yield body

    async def _body_event(self) -> Any:
        try:
            return await asyncio.wait_for(self._event(), IDLE_S)
        except TimeoutError:
            raise NotPassed(Outcome.INCOMPLETE, f"nothing more of the body came for {IDLE_S:g} seconds") from None
        except (h11.RemoteProtocolError, ConnectionError):
            raise NotPassed(Outcome.INCOMPLETE, "the request ended before its body did") from None

    async def send(self, event: Any) -> None:
        """Write an event at once; a program that does not read blocks this, and so the upstream."""
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()

    async def answer(self, status: int, values: Mapping[str, Any], headers: list[tuple[str, str]]) -> None:
        """Answer in the recorder's own name, unless an answer has begun."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        body = json.dumps(values).encode()
        known = [("content-type", "application/json"), ("content-length", str(len(body)))]
        await self.send(h11.Response(status_code=status, headers=[*known, *headers]))
        await self.send(h11.Data(data=body))
        await self.send(h11.EndOfMessage())

    async def refuse(self, status: int, message: str, headers: list[tuple[str, str]] | None = None) -> None:
        """Answer that a request is not passed on, and end the connection: its body may not have been read."""
        error = {"error": {"type": "sotctl.recorder", "message": message}}
        await self.answer(status, error, [("connection", "close"), *(headers or [])])

    def goes_on(self) -> bool:
        """Make ready for the next request; False when the connection ends."""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            return True
        return False

    async def left(self) -> None:
        """Wait until the program has closed its connection; one that only sends no more is still there."""
        await self._reader.has_ended.wait()
        while not self._is_gone():
            await asyncio.sleep(_LOOK_EVERY_S)

    def _is_gone(self) -> bool:
        found = self._writer.get_extra_info("socket")
        if self._writer.is_closing() or found is None or found.fileno() < 0:
            return True
        return not _is_held(self._writer.get_extra_info("peername"), self._writer.get_extra_info("sockname"))

    async def finish(self) -> None:
        """Close the connection: after an answer so that all of it arrives, within one so that the program notices."""
        if self._http.our_state is h11.SEND_BODY or self._writer.transport.is_closing():
            self._writer.transport.abort()
            return
        try:
            if not self._reader.has_ended.is_set():
                self._writer.write_eof()
                await asyncio.wait_for(self._drop(), _LINGER_S)  # closing at once could lose sent data
        except (OSError, TimeoutError):
            pass
        finally:
            self._writer.close()

    async def _drop(self) -> None:
        while await self._reader.read(_CHUNK_BYTES):
            pass

    async def _event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = await self._reader.read(_CHUNK_BYTES)
            if len(self._received) < MAX_HEAD_BYTES:
                self._received += data[:MAX_HEAD_BYTES]
            self._http.receive_data(data)
        return event


def _is_held(peer: Any, own: Any) -> bool:
    """Whether a process on this machine still holds the other end of a connection; always False outside Linux.

    A program that has closed its socket and one that has only stopped sending look alike on the wire. The kernel's
    table differs: a closed socket has no inode any more.
    """
    if sys.platform != "linux":
        return False
    wanted = (f":{peer[1]:04X}", f":{own[1]:04X}")
    try:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    except OSError:
        return False
    found = [line.split() for line in lines]
    return any(row[1].endswith(wanted[0]) and row[2].endswith(wanted[1]) and row[9] != "0" for row in found)
