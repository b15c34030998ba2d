"""A recorder in a thread's reach, clients that speak to it, and a provider that does what a script says."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sotctl.evidence.requests import RecordedRequest
from sotctl.stage2.credential_sources import parse_credential
from sotctl.stage2.recorder import Recorder
from sotctl.stage2.wires import wires

T = TypeVar("T")
MODEL = "qwen3.6-35b-a3b"
PAIR = ("vllm", MODEL)


def with_recorder(
    upstream: str,
    use: Callable[[str], T],
    *,
    hosts: tuple[str, ...] = ("127.0.0.1",),
    wire: str = "chat-completions",
    pair: tuple[str, str] = PAIR,
    credential: str = "none",
    environment: dict[str, str] | None = None,
) -> tuple[T, tuple[RecordedRequest, ...]]:
    """Call *use* with the base URL of a recorder, in a thread; gives what it gave and the records."""
    held = parse_credential(credential, provider=pair[0], environment=environment or {}, home=Path("/nonexistent"))

    async def run() -> tuple[T, tuple[RecordedRequest, ...]]:
        recorder = Recorder(
            upstream=upstream,
            wire=wires()[wire],
            provider=pair[0],
            model=pair[1],
            hosts=hosts,
            credential=held,
            agent=lambda: "verifier",
        )
        listener = socket.create_server(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}{recorder.base_path}"
        async with recorder.serve(listener):
            found = await asyncio.to_thread(use, base_url)
            for _ in range(100):  # the last record is complete a moment after its answer
                if not recorder.is_busy:
                    break
                await asyncio.sleep(0.01)
        return found, recorder.records

    return asyncio.run(run())


@contextlib.contextmanager
def opened(
    base: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Iterator[http.client.HTTPResponse]:
    """Send a request and give the answer, still to be read."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    with contextlib.closing(connection):
        connection.putrequest(method, parts.path + path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        with connection.getresponse() as answer:
            yield answer


def asked(
    base: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Send a request and read its answer: status and body."""
    with opened(base, method, path, body, headers) as answer:
        return answer.status, answer.read()


def post(base: str, body: bytes, path: str = "/chat/completions", **headers: str) -> tuple[int, bytes]:
    """Post a body of JSON; gives status and body of the answer."""
    return asked(base, "POST", path, body, {"Content-Type": "application/json", **headers})


def asking(model: str = MODEL, **values: Any) -> bytes:
    """The body of a model request."""
    return json.dumps({"model": model, **values}).encode()


def raw(base: str, target: str, rest: bytes = b"Host: x\r\n\r\n", method: str = "POST") -> bytes:
    """Send a request line as it is written, and give everything that comes back."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as client:
        client.sendall(f"{method} {target} HTTP/1.1\r\n".encode("latin-1") + rest)
        found = b""
        with contextlib.suppress(ConnectionError):
            while chunk := client.recv(65536):
                found += chunk
        return found


class Scripted:
    """A server that reads one request on each connection, and then does what the script says with the socket.

    Args:
        reads: False for a server that does not wait for the request.
    """

    def __init__(self, script: Callable[[socket.socket, bytes], None], *, reads: bool = True) -> None:
        self._reads = reads
        self.requests: list[bytes] = []
        self.left = threading.Event()
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.closing(client), contextlib.suppress(OSError):
            request = read_request(client) if self._reads else b""
            self.requests.append(request)
            self._script(client, request)

    def wait_until_left(self, client: socket.socket) -> None:
        """Wait for the end of a connection, and note that it came."""
        client.settimeout(10)
        with contextlib.suppress(ConnectionError):
            if client.recv(1):
                return
        self.left.set()

    def close(self) -> None:
        """Stop listening; the thread that waits for a connection would otherwise wait for ever."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def read_request(client: socket.socket) -> bytes:
    """The bytes of one request with a content-length."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (chunk := client.recv(65536)):
            return data
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0) and (chunk := client.recv(65536)):
        body += chunk
    return head + b"\r\n\r\n" + body


def whole(model: str = MODEL, status: str = "200 OK", extra: str = "") -> bytes:
    """A whole answer of a provider."""
    body = json.dumps({"model": model, "choices": [{"message": {"content": "ok"}}]}).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def event(values: object) -> bytes:
    """One event of a stream, as a chunk."""
    data = f"data: {json.dumps(values)}\n\n".encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
