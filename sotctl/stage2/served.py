"""Reads which model an answer names, from its chunks as they pass: whole JSON, JSON lines, or server-sent events.

A reader may ignore the content type: an answer that can be read in more than one way, or holds broken JSON, is
`(unreadable)`. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html for lines and events.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sotctl.evidence.requests import UNREADABLE
from sotctl.stage2.json_keys import DuplicateKeyError, unique_keys

MAX_BYTES = 8 * 1024 * 1024
MAX_HELD_BYTES = 64 * 1024 * 1024
_MARK = b"\xef\xbb\xbf"
_FIELDS = (b"data", b"event", b"id", b"retry", b"")
_NAMED = re.compile(rb'"model(?:Version)?"\s*:\s*"([^"\\]{1,200})"')
_unique = unique_keys({"model", "modelVersion", "response", "message", "headers"})


class Held:
    """How many bytes of unfinished events all answers together may hold."""

    def __init__(self) -> None:
        self.size_bytes = 0


class ServedModels:
    """The models that one answer names; `(unreadable)` where that is unclear.

    Args:
        names: Reads the name of the model from one JSON object of the answer.
        status: Of the answer; an error page need not be JSON.
        held: What all answers together hold; one that would exceed `MAX_HELD_BYTES` is unreadable.
    """

    def __init__(
        self,
        names: Callable[[Mapping[str, Any]], Iterator[object]],
        headers: Iterable[tuple[bytes, bytes]],
        status: int = 200,
        *,
        held: Held | None = None,
    ) -> None:
        self._names, self._held = names, held or Held()
        known = {name.lower(): value.strip().lower() for name, value in headers}
        self._is_stream = known.get(b"content-type", b"").startswith(b"text/event-stream")
        self._is_readable = known.get(b"content-encoding", b"identity") == b"identity"
        self._is_error = not 200 <= status < 300
        self._models: set[str] = set()
        self._rest = bytearray()
        self._event: list[bytes] = []
        self._event_bytes = 0
        self._counted_bytes = 0
        self._at_start = True

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not self._is_readable:
            return
        self._rest += chunk
        if self._is_stream and (b"\n" in chunk or b"\r" in self._rest):
            lines = bytes(self._rest).splitlines(keepends=True)
            # a carriage return at the end may be half of a line end
            self._rest = bytearray() if lines[-1].endswith(b"\n") else bytearray(lines.pop())
            for line in lines:
                self._line(line)
        self._count()
        if len(self._rest) > MAX_BYTES or self._held.size_bytes > MAX_HELD_BYTES:
            self._refuse()

    def models_so_far(self) -> list[str]:
        """The models that were named in an answer that was not read to its end, sorted; nothing can be fed after it."""
        rest = b"\n".join([*self._event, self._take_rest()])
        if not self._is_readable:
            return [UNREADABLE]
        self._event, self._event_bytes = [], 0
        self._count()
        return sorted(self._models | {name.decode("utf-8", "replace") for name in _NAMED.findall(rest)})

    def models(self) -> list[str]:
        """The models that were named, sorted; nothing can be fed after it."""
        rest = self._take_rest()
        if self._is_readable:
            if not (self._is_stream or self._object(rest.removeprefix(_MARK).strip())):
                self._is_stream = True
                self._is_readable = self._is_error or self._only_fields(rest)
            if self._is_stream:
                for line in rest.splitlines():
                    self._line(line)
                self._end_event()
        self._count()
        return sorted(self._models) if self._is_readable else [UNREADABLE]

    @staticmethod
    def _only_fields(data: bytes) -> bool:
        """Whether every line is JSON, or a field of an event."""
        lines = (line.strip() for line in data.removeprefix(_MARK).splitlines())
        return all(_is_json(line) or line.partition(b":")[0] in _FIELDS for line in lines)

    def _line(self, line: bytes) -> None:
        if len(line) > MAX_BYTES:
            self._refuse()
        if not self._is_readable:
            return
        if self._at_start:
            line, self._at_start = line.removeprefix(_MARK), False
        line = line.strip()
        if not line:
            self._end_event()
        elif line.startswith(b"data:"):
            data = line[5:].strip()
            if self._event or not self._object(data):
                self._event.append(data)
                self._event_bytes += len(data)
                if self._event_bytes > MAX_BYTES:
                    self._refuse()
        elif _is_json(line) and not self._object(line):
            self._refuse()

    def _end_event(self) -> None:
        """Take an event whose data stand on several lines: together they are JSON, or each of them is."""
        event, self._event, self._event_bytes = self._event, [], 0
        if event and not self._object(b"\n".join(event)):
            for data in event:
                if not self._object(data) and any(_is_json(part) for part in event):
                    self._refuse()

    def _object(self, data: bytes) -> bool:
        """Take the models that a JSON text names; False for a text that is not JSON."""
        if data in (b"", b"[DONE]"):
            return True
        try:
            values = json.loads(data, object_pairs_hook=_unique)
        except DuplicateKeyError:
            self._refuse()
            return True
        except (ValueError, RecursionError):
            return False
        for value in values if isinstance(values, list) else [values]:
            self._value(value)
        return True

    def _value(self, value: Any) -> None:
        if not isinstance(value, dict):
            return
        for model in self._names(value):
            if not isinstance(model, str):
                self._refuse()
            elif model:  # some send an empty name in events beside the answer, such as the result of a filter
                self._models.add(model)

    def _take_rest(self) -> bytes:
        rest, self._rest = bytes(self._rest), bytearray()
        self._count()
        return rest

    def _count(self) -> None:
        """Report how many bytes this answer holds."""
        held_bytes = len(self._rest) + self._event_bytes
        self._held.size_bytes += held_bytes - self._counted_bytes
        self._counted_bytes = held_bytes

    def _refuse(self) -> None:
        self._is_readable = False
        self._event, self._event_bytes = [], 0
        self._take_rest()


def _is_json(data: bytes) -> bool:
    """Whether it begins as a JSON object or list does; `[DONE]` is the end of a stream."""
    return data.startswith((b"{", b"[")) and data != b"[DONE]"
