"""Limits the work for one file: how many secrets are found in it, and how many bytes are unpacked from it.

When a limit is reached, the unsearched rest of the file is reported as a finding, so it never passes unnoticed.
"""

from __future__ import annotations

from sotctl.secrets.rule import SecretRule

MOST_FOUND = 1000
"""Most secrets reported for one file. Nobody reads more, and each costs as much time as kilobytes of text."""

_MOST_PLACES = 2 * MOST_FOUND
"""Most places found at one depth of decoding, overlapping ones included; of those that overlap, one is reported."""

_UNPACKED_BYTES, _UNPACKED_TIMES = 16 << 20, 8
"""Bytes that may be unpacked from one file: a fixed amount, and a multiple of the file's size on top."""

UNSEARCHED = SecretRule(
    id="rest-unsearched",
    summary="unsearched rest of a text with too many secrets or too much packed data",
    source="docs/reference/secrets.md",
    keywords=(),
)


class Bounds:
    """How much may still be found in, and unpacked from, one file and its decoded views."""

    __slots__ = ("_found", "unpackable_bytes", "unpacked_to")

    def __init__(self, size_bytes: int) -> None:
        self._found: dict[int, int] = {}
        self.unpackable_bytes = _UNPACKED_BYTES + _UNPACKED_TIMES * size_bytes
        self.unpacked_to: int | None = None
        """Where in the current block the first stream that was not unpacked begins."""

    def left(self, depth: int) -> int:
        """How many places may still be found at this *depth* of decoding."""
        return max(0, _MOST_PLACES - self._found.get(depth, 0))

    def count(self, depth: int, places: int) -> None:
        """Record that *places* more were found at this *depth*."""
        self._found[depth] = self._found.get(depth, 0) + places
