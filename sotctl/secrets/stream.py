"""Scans what is too large to hold: chunk by chunk, with bounded memory."""

from __future__ import annotations

from sotctl.secrets.bounds import MOST_FOUND, UNSEARCHED
from sotctl.secrets.detector import scan, scan_all
from sotctl.secrets.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WINDOW_BYTES = 2 << 20
"""Bytes scanned at a time; memory stays at a small multiple of it."""

BEFORE_BYTES = 4 << 10
"""Bytes kept before what is settled: the name of a key stands before its value."""

KEPT_BYTES = 64 << 10
"""Bytes scanned twice, so that a secret between two windows is whole in one. No secret is longer."""


def scan_stream(chunks: Iterable[bytes], *, path: str = "") -> Iterator[Secret]:
    """Yield the secrets of a stream of *chunks*, in order, with places counted from the start of the stream.

    Packed streams (gzip, zip) are unpacked as far as they lie within one window. The chunks may be of any size. After
    `MOST_FOUND` secrets one more says that the rest was not searched; it is then not read either.
    """
    data, base, settled, line, column = b"", 0, 0, 1, 1
    found = 0
    for window, last in _windows(chunks):
        data += window
        done, settled = settled, base + len(data) if last else max(settled, base + len(data) - KEPT_BYTES)
        for secret in scan(data, path=path if last and not base else ""):
            start = base + secret.start
            if secret.rule == UNSEARCHED.id:  # it may begin in what was searched in the window before
                start = max(start, done)
            if not done <= start < settled:
                continue
            done = start + secret.length
            found += 1
            over = found > MOST_FOUND or secret.rule == UNSEARCHED.id
            yield Secret(
                rule=UNSEARCHED.id if over else secret.rule,
                summary=UNSEARCHED.summary if over else secret.summary,
                line=line + secret.line - 1,
                column=secret.column + (column - 1 if secret.line == 1 else 0),
                start=start,
                length=base + len(data) - start if over else secret.length,
            )
            if over:
                return
        settled = max(settled, done)
        passed = data[: max(0, settled - base - BEFORE_BYTES)]
        newlines = passed.count(b"\n")
        line += newlines
        column = len(passed) - passed.rfind(b"\n") if newlines else column + len(passed)
        base += len(passed)
        data = data[len(passed) :]


def any_secret(contents: Iterable[Iterator[bytes]], paths: Iterable[str]) -> bool:
    """Whether there is a secret in any of many files, each given by its chunks; small ones are searched together."""
    found = False

    def small() -> Iterator[tuple[bytes, str]]:
        nonlocal found
        for chunks, path in zip(contents, paths, strict=True):
            first, second = next(chunks, b""), next(chunks, b"")
            if not second:
                yield first, path
            elif next(scan_stream(_chained(first, second, chunks), path=path), None):
                found = True
                return

    return any(scan_all(small())) or found


def _chained(first: bytes, second: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest


def values(chunks: Iterable[bytes], secrets: Sequence[Secret]) -> list[bytes]:
    """Return the bytes of *secrets*, in order as `scan_stream` found them; of what was not searched, nothing."""
    held: list[bytearray] = [bytearray() for _ in secrets]
    base = first = 0
    for chunk in chunks:
        end = base + len(chunk)
        for number in range(first, len(secrets)):
            secret = secrets[number]
            if secret.start >= end:
                break
            stop = secret.start + secret.length
            if secret.rule != UNSEARCHED.id:
                held[number] += chunk[max(0, secret.start - base) : max(0, stop - base)]
            first = number + 1 if number == first and stop <= end else first
        base = end
        if first == len(secrets):
            break
    return [bytes(value) for value in held]


def _windows(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield the stream in windows, the last one marked; an empty stream is one empty window."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > WINDOW_BYTES:
            yield bytes(held[:WINDOW_BYTES]), False
            del held[:WINDOW_BYTES]
    yield bytes(held), True
