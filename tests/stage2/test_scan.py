"""The secret scan of a run: everything is looked at, in pieces, and what cannot be looked at is said."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from hypothesis import given
from hypothesis import strategies as st

from sotctl.stage2.scan import scan_run

TOKEN = b"sk-" + b"ant-api03-" + b"aB3_dE6g" * 11 + b"AA"
VALUE = b"plain-looking-words"


class InMemory:
    """A run directory whose files come in pieces of a given size; None is a file that cannot be read."""

    def __init__(self, files: Mapping[str, bytes | None], piece_bytes: int = 1 << 20) -> None:
        self.files, self.piece_bytes = files, piece_bytes

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def chunks(self, path: str) -> Iterator[bytes]:
        data = self.files[path]
        if data is None:
            raise PermissionError(path)
        yield from (data[at : at + self.piece_bytes] for at in range(0, len(data), self.piece_bytes))

    def paths(self) -> Iterator[str]:
        yield from sorted(self.files)

    def strange(self) -> Iterator[str]:
        yield from ()


def found(files: InMemory, exact: tuple[bytes, ...] = ()) -> list[tuple[object, ...]]:
    findings = scan_run(files, (), exact).findings
    return [(entry.rule, entry.path, entry.line, entry.column) for entry in findings]


def test_a_file_that_cannot_be_read_is_not_clean() -> None:
    assert found(InMemory({"home/closed": None, "home/open": b"x"})) == [("unreadable-file", "home/closed", 1, 1)]


def test_what_git_deflated_is_looked_at() -> None:
    packed = zlib.compress(b"blob 9\0key " + TOKEN + b"\n")
    places = {entry[1] for entry in found(InMemory({"fixture/real/.git/objects/ab/cd": packed}))}
    assert places == {"fixture/real/.git/objects/ab/cd"}


def test_a_value_of_the_credential_in_what_git_deflated_is_found() -> None:
    packed = zlib.compress(b"x" * 5000 + VALUE, 9)
    rules = [entry[0] for entry in found(InMemory({"fixture/real/.git/objects/ab/cd": packed}, 7), (VALUE,))]
    assert rules == ["credential-value"]


@given(before=st.text("ab\n", max_size=40), piece_bytes=st.integers(1, 60))
def test_a_value_of_the_credential_is_found_across_pieces_and_placed(before: str, piece_bytes: int) -> None:
    files = InMemory({"a.txt": before.encode() + VALUE + b"\n" + VALUE}, piece_bytes)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert found(files, (VALUE,)) == [("credential-value", "a.txt", line, column)]
