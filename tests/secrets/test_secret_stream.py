"""A stream is scanned like a blob, in bounded memory."""

import tracemalloc
from collections.abc import Iterator

import pytest

from benchmarks.secrets.corpora import governed, shapes_in_carriers
from sotctl.secrets import scan, stream
from sotctl.secrets.stream import scan_stream

KEY = "sk-ant-" + "api03-" + "aB3dE6gH9k" * 9 + "AA"


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
