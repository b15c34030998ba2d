"""Shortens text that repeats itself, so that a megabyte of one repeated line costs no more than a few kilobytes.

Rules find the same in every repetition. Whole repetitions are removed until what is left is as long as the furthest a
rule looks; findings in the removed repetitions are not reported.
"""

from __future__ import annotations

WORTH_BYTES = 64 << 10
"""Shorter texts are not shortened."""

_LOOK_BYTES = 24 << 10
"""More than any rule reads before and after its keyword."""

_STEP_BYTES = 16 << 10
_TURN_BYTES = 4 << 10
"""The longest repeated unit that is detected."""
_PROBE_BYTES = 48

TYPE_CHECKING = False
if TYPE_CHECKING:
    Cut = tuple[int, int]
    """An offset in the shortened text, and how many bytes were removed there."""


def shortened(data: bytes) -> tuple[bytes, list[Cut]]:
    """Return *data* with each repeating stretch cut to about `_LOOK_BYTES`, and the cuts."""
    if len(data) < WORTH_BYTES:
        return data, []
    pieces: list[bytes] = []
    cuts: list[Cut] = []
    start = kept = place = 0
    while place + WORTH_BYTES <= len(data):
        turn = _turn(data, place)
        stop = _repeated_to(data, place, turn) if turn else place
        taken = (stop - place - _LOOK_BYTES - turn) // turn * turn if turn else 0
        if taken < _STEP_BYTES:
            place += _STEP_BYTES
            continue
        at = place + _LOOK_BYTES // 2
        pieces.append(data[start:at])
        kept += at - start
        cuts.append((kept, taken))
        start, place = at + taken, stop
    if not cuts:
        return data, cuts
    return b"".join((*pieces, data[start:])), cuts


def _turn(data: bytes, place: int) -> int:
    """Return the length of the unit that repeats at *place*, or 0."""
    again = data.find(data[place : place + _PROBE_BYTES], place + 1, place + _TURN_BYTES + _PROBE_BYTES)
    return max(0, again - place)


def _repeated_to(data: bytes, place: int, turn: int) -> int:
    """Return the end of the stretch at *place* that repeats a unit of *turn* bytes."""
    stop, step = place + turn, _STEP_BYTES
    while step:
        if data[stop - turn : stop - turn + step] == data[stop : stop + step] and stop + step <= len(data):
            stop += step
            step *= 2
        else:
            step //= 2
    return stop


def place_of(place: int, cuts: list[Cut]) -> int:
    """Return the offset in the original text of *place* in the shortened text."""
    return place + sum(taken for at, taken in cuts if at <= place)
