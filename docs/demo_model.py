"""The model of `make demo`: a server on loopback that answers every request with a `slugify` that works."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLUGIFY = 'import re\n\n\ndef slugify(title):\n    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))\n'


class _Model(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Answer as the model that was asked for."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        data = json.dumps({"model": asked["model"], "text": SLUGIFY}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def model_server() -> Iterator[str]:
    """The base URL of the model, for as long as it is entered."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Model)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
