"""Nothing one can write makes the detector raise, or work out of proportion."""

import re
import sys
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotctl.secrets import bulk, context, escapes, prepare, scan
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.names import WORDS
from sotctl.secrets.rule import lazy
from sotctl.secrets.rules import auth_files, kubernetes

KEYWORDS = sorted({keyword for rule in all_rules() for keyword in rule.keywords})
PIECES = st.one_of(
    st.sampled_from(KEYWORDS).map(lambda keyword: keyword.encode()),
    st.binary(max_size=40),
    st.text(max_size=20).map(lambda text: text.encode()),
    st.sampled_from(
        [
            b"\n",
            b"\r\n",
            b" = ",
            b'": "',
            b"\\",
            b"%2",
            b"\\u00",
            b"&#4",
            b"\x1f\x8b\x08",
            b"PK\x03\x04",
            b"\0",
            b"://",
            b"a:b@c",
            b"aB3dE6gH" * 5,
            b"=\n",
        ]
    ),
)


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_any_bytes_are_scanned_and_places_hold(data: bytes) -> None:
    end = 0
    for secret in scan(data):
        assert end <= secret.start
        end = secret.start + secret.length
        assert secret.length > 0
        assert end <= len(data)
        assert secret.line == data.count(b"\n", 0, secret.start) + 1


@settings(max_examples=50)
@given(st.lists(PIECES, min_size=1, max_size=6).map(b"".join))
def test_what_stands_alone_is_found_again_in_a_larger_text(data: bytes) -> None:
    """A line of its own below other lines: the engine for large text sees what the one for small text sees."""
    filler = b"the gate reads the record once and decides\n" * 500
    alone = {secret.rule for secret in scan(b"\n" + data + b"\n\n")}
    within = {secret.rule for secret in scan(filler + b"\n" + data + b"\n\n" + filler)}
    assert alone <= within


@pytest.fixture(scope="module")
def engine(database: bytes) -> Iterator[None]:
    """Make the fast engine ready for all examples."""
    before = bulk._engine
    prepare(database)
    yield
    bulk._engine = before


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=24).map(b"".join))
def test_with_the_fast_engine_and_without_the_same_places_tell(engine: None, data: bytes) -> None:
    fast, bulk._engine = bulk._engine, None
    slow = {(secret.rule, secret.line) for secret in scan(data)}
    bulk._engine = fast
    assert {(secret.rule, secret.line) for secret in scan(data)} == slow


_FURTHEST_BYTES = 20_500
"""More than any pattern may be given to look at: an encrypted web token is the longest."""


class Counted:
    """A compiled pattern that counts the bytes it is given to look at, at most."""

    def __init__(self, pattern: re.Pattern[bytes], seen: list[int]) -> None:
        self._pattern, self._seen, self.groupindex = pattern, seen, pattern.groupindex
        self._width = _parser.parse(pattern.pattern).getwidth()[1]

    def match(self, data: bytes, start: int) -> re.Match[bytes] | None:
        self._seen.append(min(len(data) - start, self._width))
        return self._pattern.match(data, start)

    def search(self, data: bytes, start: int, stop: int = sys.maxsize) -> re.Match[bytes] | None:
        self._seen.append(min(len(data), stop) - start)
        return self._pattern.search(data, start, stop)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the bytes that the patterns of the rules are given to look at."""
    seen: list[int] = []
    for rule in all_rules():
        if rule.find is None:
            pattern = re.compile(rule.pattern.encode("latin-1"))
            monkeypatch.setattr(rule, "_compiled", Counted(pattern, seen))
    monkeypatch.setattr(bulk, "_engine", None)
    return seen


HOSTILE = (
    b"key=",
    b"token = token",
    b"sk-",
    b"eyJ",
    b"a:",
    b"://a:",
    b"-----BEGIN ",
    b"password\n",
    b"secret: '",
    b"%25",
    b"\\u00",
    b"&#x",
    b"AAAA",
    b"\\\\",
    b"machine x login ",
    b'"kty"',
    b"<password>",
    b"PRIVATE KEY-----\n",
    b"-u a:",
    b"=\n",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\0a\0",
    b"xoxb-1",
)


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_work_grows_with_the_size_and_not_faster(piece: bytes, steps: list[int]) -> None:
    """Four times the text: about four times the looks, and none of them looks further than the largest key is long."""
    scan(piece * (8192 // len(piece)))
    looks = len(steps)
    steps.clear()
    scan(piece * (32768 // len(piece)))
    assert len(steps) <= 5 * looks + 64
    assert max(steps, default=0) <= _FURTHEST_BYTES


def lazy_patterns() -> list[re.Pattern[bytes]]:
    """The patterns that modules of the detector compile when they are first used."""
    modules = (auth_files, context, escapes, kubernetes)
    made = [value for module in modules for value in vars(module).values() if hasattr(value, "cache_info")]
    return [value() for value in made if value.__module__ == lazy.__module__]


def test_no_pattern_of_a_finder_repeats_without_bound() -> None:
    patterns = lazy_patterns()
    assert len(patterns) > 8
    assert [
        pattern.pattern for pattern in patterns if _parser.parse(pattern.pattern, re.VERBOSE).getwidth()[1] > 20_000
    ] == []


def test_the_words_that_tell_are_lower_case() -> None:
    words = [word.encode("latin-1") for word in WORDS]
    assert [word for word in words if word != word.lower()] == []
