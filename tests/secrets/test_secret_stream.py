"""A stream is scanned like a blob, in bounded memory."""

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.secrets.corpora import governed, shapes_in_carriers
from sotctl.secrets import scan, stream
from sotctl.secrets.stream import scan_stream

KEY = "sk-ant-" + "api03-" + "aB3dE6gH9k" * 9 + "AA"


# Without the fast engine these tests take minutes.
pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("size", [1 << 12, 1000, 1 << 20])
def test_chunks_of_any_size_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(stream, "WINDOW_BYTES", 200_000)
    filler = b"".join(governed(7).values())
    data = b"".join(filler[:4000] + sample for sample in shapes_in_carriers(5).values())
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert list(scan_stream(chunks)) == scan(data)


def test_an_empty_stream_holds_nothing() -> None:
    assert list(scan_stream([])) == []


def test_places_are_counted_from_the_start_of_the_stream() -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(9):
            yield b"plain text\n" * 100_000
        yield b"value " + KEY.encode()

    (secret,) = scan_stream(chunks())
    assert (secret.line, secret.column, secret.start) == (900_001, 7, 9_900_006)


def test_memory_stays_bounded() -> None:
    """Sixty megabytes pass in a third of what they would take."""
    tracemalloc.start()
    list(scan_stream(b"\0" * (1 << 20) for _ in range(60)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


SAMPLES = sorted(shapes_in_carriers(5).values())
# Where the window ends, and where what is settled ends, in the first window and the second.
WINDOW = 70_000
EDGES = [WINDOW - stream.KEPT_BYTES, WINDOW, 2 * WINDOW - stream.KEPT_BYTES, 2 * WINDOW]
LINE = b"the gate reads the record once and decides\n"
WHOLE = b"".join(LINE * 90 + sample for sample in SAMPLES[::6])
FOUND = scan(WHOLE)


@settings(max_examples=15)
@given(st.lists(st.integers(0, len(WHOLE)), max_size=30).map(sorted))
def test_chunks_cut_anywhere_give_what_the_whole_gives(cuts: list[int]) -> None:
    chunks = [WHOLE[start:end] for start, end in zip([0, *cuts], [*cuts, len(WHOLE)], strict=True)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "WINDOW_BYTES", 100_000)
        assert list(scan_stream(chunks)) == FOUND


@settings(max_examples=50)
@given(sample=st.sampled_from(SAMPLES), edge=st.sampled_from(EDGES), share=st.floats(0, 1))
def test_a_secret_is_found_wherever_a_window_ends(sample: bytes, edge: int, share: float) -> None:
    """The end of a window, or of what is settled, falls before, into and behind the secret."""
    before, after = edge - 2 - int(share * len(sample)), 90_000
    data = (LINE * 3300)[:before] + b"\n\n" + sample + b"\n\n" + (LINE * 2100)[:after]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "WINDOW_BYTES", WINDOW)
        found = list(scan_stream([data[:before], data[before:]]))
    assert found == scan(data)
    assert found
