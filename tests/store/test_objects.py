"""The batch that reads git's objects."""

from __future__ import annotations

import pytest

from samples import Repository
from sotctl.git.repository import Git, Objects


@pytest.mark.parametrize("size", [10, 10_000_000])
def test_a_reader_that_stops_early_leaves_the_batch_where_the_next_answer_begins(store: Repository, size: int) -> None:
    store.write("first.bin", b"x" * size)
    store.write("second.txt", "second\n")
    first, second = store.git("hash-object", "-w", "first.bin", "second.txt").split()
    objects = Objects(Git(store.path))
    try:
        for _ in objects.chunks(first):
            break
        assert b"".join(objects.chunks(second)) == b"second\n"
    finally:
        objects.close()
