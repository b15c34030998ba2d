"""An OpenAI-compatible provider on loopback: whole answers, and streams of server-sent events."""

from __future__ import annotations

import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Seen:
    """What the provider saw of one request."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Provider:
    """A provider that listens until it is closed."""

    served_model: str = ""
    pause_s: float = 0.0
    status: int = 200
    encoding: str = ""
    is_forgetful: bool = False
    tls: ssl.SSLContext | None = None
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                provider.seen.append(Seen(self.path, headers, {} if provider.is_forgetful else body))
                provider.answer(self, body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            request_queue_size = 256

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.socket.settimeout(5)  # a client that is gone before it is accepted must not keep this waiting
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self._server.server_address[1]}/v1"

    def answer(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        """Answer one request, as a stream where that was asked for."""
        model = self.served_model or body["model"]
        handler.send_response(self.status)
        if self.encoding:
            handler.send_header("Content-Encoding", self.encoding)
        if not body.get("stream"):
            data = json.dumps({"model": model, "choices": [{"message": {"content": "ok"}}]}).encode()
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)
            return
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for part in stream_of(model):
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            handler.wfile.flush()
            time.sleep(self.pause_s)
        handler.wfile.write(b"0\r\n\r\n")

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def stream_of(model: str) -> list[bytes]:
    """The events of a streamed answer."""
    words = [{"model": model, "choices": [{"delta": {"content": word}}]} for word in ("fixed", " it", " now")]
    return [f"data: {json.dumps(word)}\n\n".encode() for word in words] + [b"data: [DONE]\n\n"]
