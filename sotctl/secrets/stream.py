"""Scans what is too large to hold: chunk by chunk, with bounded memory."""

from __future__ import annotations

from sotctl.secrets.detector import scan
from sotctl.secrets.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WINDOW_BYTES = 2 << 20
"""Bytes scanned at a time; memory stays at a small multiple of it."""

BEFORE_BYTES = 4 << 10
"""Bytes kept before what is settled: the name of a key stands before its value."""

KEPT_BYTES = 64 << 10
"""Bytes scanned twice, so that a secret between two windows is whole in one. No secret is longer."""


def scan_stream(chunks: Iterable[bytes], *, path: str = "") -> Iterator[Secret]:
    """Yield the secrets of a stream of *chunks*, in order, with places counted from the start of the stream.

    Packed streams (gzip, zip) are unpacked as far as they lie within one window. The chunks may be of any size.
    """
    data, base, settled, line, column = b"", 0, 0, 1, 1
    for window, last in _windows(chunks):
        data += window
        done, settled = settled, base + len(data) if last else max(settled, base + len(data) - KEPT_BYTES)
        for secret in scan(data, path=path if last and not base else ""):
            start = base + secret.start
            if not done <= start < settled:
                continue
            done = start + secret.length
            yield Secret(
                rule=secret.rule,
                summary=secret.summary,
                line=line + secret.line - 1,
                column=secret.column + (column - 1 if secret.line == 1 else 0),
                start=start,
                length=secret.length,
            )
        settled = max(settled, done)
        passed = data[: max(0, settled - base - BEFORE_BYTES)]
        newlines = passed.count(b"\n")
        line += newlines
        column = len(passed) - passed.rfind(b"\n") if newlines else column + len(passed)
        base += len(passed)
        data = data[len(passed) :]


def _windows(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield the stream in windows, the last one marked; an empty stream is one empty window."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > WINDOW_BYTES:
            yield bytes(held[:WINDOW_BYTES]), False
            del held[:WINDOW_BYTES]
    yield bytes(held), True
