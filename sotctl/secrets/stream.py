"""Scans data that is too large to hold in memory, chunk by chunk."""

from __future__ import annotations

from sotctl.secrets.bounds import MOST_FOUND, UNSEARCHED, Bounds
from sotctl.secrets.detector import scan, scan_all
from sotctl.secrets.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WINDOW_BYTES = 2 << 20
"""Bytes scanned at a time; memory stays at a small multiple of this."""

BEFORE_BYTES = 4 << 10
"""Bytes kept before the part that is still open, because the name of a key comes before its value."""

KEPT_BYTES = 64 << 10
"""Bytes scanned twice, so that a secret across two windows is whole in one of them. No secret is longer."""


def scan_stream(chunks: Iterable[bytes], *, path: str = "") -> Iterator[Secret]:
    """Yield the secrets in a stream of *chunks* of any size, in order, with places counted from the stream's start.

    Packed data (gzip, zip) is unpacked only within one window. After `MOST_FOUND` secrets, one more result says that
    the rest was not searched, and the stream is not read further.
    """
    data, base, settled, line, column = b"", 0, 0, 1, 1
    found = 0
    spare = Bounds(0).spare
    for window, last in _windows(chunks):
        data += window
        done, settled = settled, base + len(data) if last else max(settled, base + len(data) - KEPT_BYTES)
        bounds = Bounds(len(data), spare)
        for secret in scan(data, path=path if last and not base else "", bounds=bounds):
            start = base + secret.start
            if secret.rule == UNSEARCHED.id:  # it may begin in a part that the previous window searched
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
        settled, spare = max(settled, done), bounds.spare
        passed = data[: max(0, settled - base - BEFORE_BYTES)]
        newlines = passed.count(b"\n")
        line += newlines
        column = len(passed) - passed.rfind(b"\n") if newlines else column + len(passed)
        base += len(passed)
        data = data[len(passed) :]


def any_secret(contents: Iterable[Iterator[bytes]], paths: Iterable[str]) -> bool:
    """Whether any of many files, each given as chunks, holds a secret; small files are searched together."""
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
    """Return the bytes of each of *secrets*, as ordered by `scan_stream`; empty for an unsearched rest."""
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
    """Yield the stream in windows, each with whether it is the last; an empty stream is one empty window."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > WINDOW_BYTES:
            yield bytes(held[:WINDOW_BYTES]), False
            del held[:WINDOW_BYTES]
    yield bytes(held), True
