"""Bounds what one file may cost: how much is found in it, and how much is unpacked from it.

Where a bound is reached, the rest of the file is a finding of its own: what was not searched is never passed.
"""

from __future__ import annotations

from sotctl.secrets.rule import SecretRule

MOST_FOUND = 1000
"""Secrets of one file that are reported one by one. Nobody reads more, and each costs as much as kilobytes of text."""

_MOST_PLACES = 2 * MOST_FOUND
"""Places found at one depth of decoding, overlapping ones included; of two that overlap, one is reported."""

_UNPACKED_BYTES, _UNPACKED_TIMES = 16 << 20, 8
"""Bytes that may be unpacked from a file of any size, and how many more for each of its bytes."""

UNSEARCHED = SecretRule(
    id="rest-unsearched",
    summary="rest of a text that holds more secrets, or more packed data, than are searched",
    source="docs/reference/secrets.md",
    keywords=(),
)


class Bounds:
    """What may still be found in one file and its views, and unpacked from them."""

    __slots__ = ("_found", "unpackable_bytes", "unpacked_to")

    def __init__(self, size_bytes: int) -> None:
        self._found: dict[int, int] = {}
        self.unpackable_bytes = _UNPACKED_BYTES + _UNPACKED_TIMES * size_bytes
        self.unpacked_to: int | None = None
        """Where in the block at hand the first stream begins that was not unpacked."""

    def left(self, depth: int) -> int:
        """How many places may still be found at this *depth* of decoding."""
        return max(0, _MOST_PLACES - self._found.get(depth, 0))

    def count(self, depth: int, places: int) -> None:
        """Note that so many were found."""
        self._found[depth] = self._found.get(depth, 0) + places
