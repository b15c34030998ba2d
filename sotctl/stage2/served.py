"""Reads which model an answer names, from its chunks as they pass: whole JSON, or server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterable

MOST_BYTES = 8 * 1024 * 1024
UNREADABLE = "(unreadable)"


class ServedModels:
    """The models that one answer names; `(unreadable)` where it cannot be told."""

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        known = {name.lower(): value.strip().lower() for name, value in headers}
        self._is_stream = known.get(b"content-type", b"").startswith(b"text/event-stream")
        self._is_readable = known.get(b"content-encoding", b"identity") == b"identity"
        self._models: set[str] = set()
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not self._is_readable:
            return
        lines = [self._rest + chunk]
        if self._is_stream:
            lines = lines[0].split(b"\n")
        if any(len(line) > MOST_BYTES for line in lines):
            self._is_readable = False
            return
        *whole, self._rest = lines
        for line in whole:
            self._line(line)

    def models(self) -> list[str]:
        """The models that were named, sorted."""
        if not self._is_readable:
            return [UNREADABLE]
        if self._is_stream:
            self._line(self._rest)
        else:
            self._object(self._rest)
        return sorted(self._models)

    def _line(self, line: bytes) -> None:
        if line.startswith(b"data:"):
            self._object(line[5:].strip())

    def _object(self, data: bytes) -> None:
        try:
            values = json.loads(data)
        except (ValueError, RecursionError):
            return
        if isinstance(values, dict):
            for found in (values, values.get("response"), values.get("message")):
                if isinstance(found, dict) and isinstance(found.get("model"), str):
                    self._models.add(found["model"])
