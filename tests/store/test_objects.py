"""The batch that reads git's objects."""

from __future__ import annotations

import pytest

from samples import Repository
from sotctl.git.repository import Git, MissingObjectError, Objects


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


def many(store: Repository, count: int) -> list[str]:
    for number in range(count):
        store.write(f"f{number}.txt", f"file {number}\n")
    return store.git("hash-object", "-w", *(f"f{number}.txt" for number in range(count))).split()


@pytest.mark.parametrize("count", [1, 30, 31, 60, 61, 200])
def test_many_objects_come_in_order_however_many_are_requested_at_once(store: Repository, count: int) -> None:
    ids = many(store, count)
    objects = Objects(Git(store.path))
    try:
        assert list(objects.read_many(ids)) == [f"file {number}\n".encode() for number in range(count)]
        assert objects.read(ids[0]) == b"file 0\n"
    finally:
        objects.close()


@pytest.mark.parametrize("taken", [0, 1, 40, 199])
def test_what_is_not_taken_of_many_objects_is_no_answer_to_the_next_request(store: Repository, taken: int) -> None:
    ids = many(store, 200)
    objects = Objects(Git(store.path))
    try:
        coming = objects.chunks_of_many(ids)
        for _ in range(taken):
            next(coming)
        coming.close()
        assert objects.read(ids[7]) == b"file 7\n"
    finally:
        objects.close()


def test_a_missing_one_of_many_is_named(store: Repository) -> None:
    ids = many(store, 3)
    objects = Objects(Git(store.path))
    with pytest.raises(MissingObjectError, match=r"\(b\.txt\)"):
        list(map(list, objects.chunks_of_many([ids[0], "0" * 40, ids[2]], ["a.txt", "b.txt", "c.txt"])))
    assert objects.read(ids[2]) == b"file 2\n"
    objects.close()
