"""Limits the work for one file: how many secrets are found, how many keywords are tried, and how much is unpacked.

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

_MOST_TRIED, _BYTES_A_TRY = 1 << 16, 32
"""Keywords that may be tried in one file: a fixed number, and one for so many bytes on top. Of 98 000 files on one
machine one needs 37 210 tries, and all others fewer than 22 000."""

UNSEARCHED = SecretRule(
    id="rest-unsearched",
    summary="unsearched rest of a text with too many secrets, keywords or packed bytes",
    source="docs/reference/secrets.md",
    keywords=(),
)


class Bounds:
    """How much may still be found, tried and unpacked in one file and its decoded views.

    Args:
        spare: The tries left over from the part before, if the file is searched part by part.
    """

    __slots__ = ("_found", "tries", "unpackable_bytes", "unpacked_to")

    def __init__(self, size_bytes: int, spare: int | None = None) -> None:
        self._found: dict[int, int] = {}
        self.tries = (_MOST_TRIED if spare is None else spare) + size_bytes // _BYTES_A_TRY
        self.unpackable_bytes = _UNPACKED_BYTES + _UNPACKED_TIMES * size_bytes
        self.unpacked_to: int | None = None
        """Where in the current block the first stream that was not unpacked begins."""

    @property
    def spare(self) -> int:
        """How many tries the next part of the file may have on top of those for its size."""
        return max(0, min(self.tries, _MOST_TRIED))

    def left(self, depth: int) -> int:
        """How many places may still be found at this *depth* of decoding."""
        return max(0, _MOST_PLACES - self._found.get(depth, 0))

    def count(self, depth: int, places: int) -> None:
        """Record that *places* more were found at this *depth*."""
        self._found[depth] = self._found.get(depth, 0) + places

    def count_unpacked(self, size_bytes: int) -> None:
        """Record that so many bytes were unpacked; keywords may be tried in them as in the file."""
        self.unpackable_bytes -= size_bytes
        self.tries += size_bytes // _BYTES_A_TRY
