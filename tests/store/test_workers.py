"""Work that is divided among processes comes back whole, in order, whatever its size."""

import signal
import time
from collections.abc import Iterator

import pytest

from sotctl.scanning.workers import results


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Two sides that wait for each other would wait for ever."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("they wait for each other"))
    signal.alarm(60)
    yield
    signal.alarm(0)


def doubled(piece: bytes) -> bytes:
    """Return twice the piece; a long one takes longer, so that answers come out of order."""
    time.sleep(len(piece) % 7 / 1000)
    return piece + piece


def refused(piece: int) -> int:
    if piece == 5:
        raise ValueError(piece)
    return piece


def nothing() -> None:
    """What a process does first, where it is not a copy."""


def test_the_results_come_in_the_order_of_the_pieces() -> None:
    pieces = [b"x" * size for size in range(200)]
    assert list(results(doubled, pieces, anew=nothing)) == [piece + piece for piece in pieces]


@pytest.mark.parametrize("size", [100_000, 3_000_000])
def test_pieces_and_answers_larger_than_the_line_never_wait_for_each_other(size: int) -> None:
    pieces = [bytes([number]) * size for number in range(9)]
    answers = results(doubled, pieces, anew=nothing)
    assert [(len(answer), answer[0]) for answer in answers] == [(2 * size, number) for number in range(9)]


def test_small_pieces_with_large_ones_between_them_keep_their_order() -> None:
    pieces = [b"x" * (2_000_000 if number % 5 == 2 else number) for number in range(40)]
    assert [len(answer) for answer in results(doubled, pieces, anew=nothing)] == [2 * len(piece) for piece in pieces]


def test_what_a_piece_of_work_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="5"):
        list(results(refused, range(9), anew=nothing))


def test_no_pieces_have_no_results() -> None:
    assert list(results(refused, [], anew=nothing)) == []
