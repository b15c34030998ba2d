"""Searches what is too large to hold for secrets. Every hook imports this, so it imports nothing else."""

from __future__ import annotations

from sotctl.secrets import Secret, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

WHOLE_BYTES = 8 << 20
"""Up to here a file is searched as one piece."""
OVERLAP_BYTES = 64 << 10
"""A secret no longer than this is whole in one of two pieces that follow each other."""


def scan_chunks(chunks: Iterable[bytes]) -> list[Secret]:
    """Find the secrets in a file that comes in chunks, in order of place; about two pieces of it are held at once."""
    found: list[Secret] = []
    held, start, lines, column = b"", 0, 0, 0
    for chunk in chunks:
        held += chunk
        if len(held) < WHOLE_BYTES:
            continue
        found += _placed(scan(held), start, lines, column, found)
        gone = held[:-OVERLAP_BYTES]
        start += len(gone)
        column = len(gone) - gone.rfind(b"\n") - 1 if b"\n" in gone else column + len(gone)
        lines += gone.count(b"\n")
        held = held[-OVERLAP_BYTES:]
    return found + _placed(scan(held), start, lines, column, found)


def _placed(secrets: list[Secret], start: int, lines: int, column: int, before: list[Secret]) -> list[Secret]:
    """Those secrets of a piece that the piece before has not shown already, with their place in the whole file."""
    end = before[-1].start + before[-1].length if before else 0
    return [
        Secret(
            rule=secret.rule,
            summary=secret.summary,
            line=secret.line + lines,
            column=secret.column + (column if secret.line == 1 else 0),
            start=secret.start + start,
            length=secret.length,
        )
        for secret in secrets
        if secret.start + start >= end
    ]
