"""Writes the trace of a run line by line, so that an interrupted run keeps its events."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Trace:
    """The trace file of one run. Its times never go back: if the clock does, the last time is used again."""

    def __init__(self, path: Path, run_id: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open(path, flags, 0o600)
        self._run_id, self._seq, self._last, self._clock = run_id, 0, "", clock
        self._digest = hashlib.sha256()

    def add(self, event: str, **values: Any) -> None:
        """Write one event.

        Raises:
            OSError: The disk is full.
        """
        self.write(self.line(event, **values))

    def line(self, event: str, **values: Any) -> bytes:
        """The bytes of the next event."""
        self._seq += 1
        self._last = max(self._last, self._clock().isoformat(timespec="milliseconds"))
        line = {"seq": self._seq, "ts": self._last, "event": event, "run_id": self._run_id, **values}
        return json.dumps(line).encode() + b"\n"

    def write(self, data: bytes) -> None:
        """Write lines that `line` has made."""
        os.write(self._file, data)
        self._digest.update(data)

    @property
    def sha256(self) -> str:
        """The digest of what was written so far."""
        return self._digest.hexdigest()

    def close(self) -> None:
        """End the trace."""
        os.close(self._file)
