"""A file in chunks shows the secrets of the same file in one piece, at the same places."""

from __future__ import annotations

import pytest

from samples import TOKEN
from sotctl.checks.stream import OVERLAP_BYTES, WHOLE_BYTES, scan_chunks
from sotctl.secrets import scan


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("shift", [-60, -20, 0, 20, OVERLAP_BYTES - 20, OVERLAP_BYTES + 20])
@pytest.mark.parametrize("filler", [b"x" * 63 + b"\n", b"y" * 64], ids=["lines", "one line"])
def test_a_secret_at_every_place_around_the_end_of_a_piece(shift: int, filler: bytes) -> None:
    before = (filler * (WHOLE_BYTES // len(filler)))[: WHOLE_BYTES - OVERLAP_BYTES + shift - 1]
    data = b"%s %s \nlast %s\n" % (before, TOKEN.encode(), TOKEN.encode()) + filler * 3000
    whole = scan(data)
    assert len(whole) == 2
    for size in (1 << 20, 3 << 20, len(data)):
        assert scan_chunks(pieces(data, size)) == whole


def test_nothing_is_nothing() -> None:
    assert scan_chunks([]) == scan_chunks([b""]) == []
