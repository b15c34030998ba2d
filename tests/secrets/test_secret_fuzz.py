"""Nothing one can write makes the detector raise, or work out of proportion."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotctl.secrets import bulk, scan
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.names import WORDS
from sotctl.secrets.rule import SecretRule

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


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_any_bytes_are_scanned_and_places_hold(data: bytes) -> None:
    end = 0
    for secret in scan(data):
        assert end <= secret.start
        end = secret.start + secret.length
        assert secret.length > 0
        assert end <= len(data)
        assert secret.line == data.count(b"\n", 0, secret.start) + 1


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map(b"".join), st.integers(2, 12))
def test_what_stands_alone_is_found_again_in_a_larger_text(data: bytes, times: int) -> None:
    """A line of its own below other lines: the engine for large text sees what the one for small text sees."""
    filler = b"the gate reads the record once and decides\n" * 500
    alone = {secret.rule for secret in scan(b"\n" + data + b"\n\n")}
    within = {secret.rule for secret in scan(filler + b"\n" + data + b"\n\n" + filler)}
    assert alone <= within or times < 0


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts the bytes that rules look at, at most."""
    seen: list[int] = []
    judge = SecretRule.at

    def counted(self: SecretRule, data: bytes, position: int) -> tuple[int, int] | None:
        seen.append(min(len(data) - position, self.window) + self.reach)
        return judge(self, data, position)

    monkeypatch.setattr(SecretRule, "at", counted)
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
    bulk._engine = None
    scan(piece * (8192 // len(piece)))
    small = sum(steps)
    steps.clear()
    scan(piece * (32768 // len(piece)))
    assert sum(steps) <= 8 * small + 2_000_000


def test_the_words_that_tell_are_lower_case() -> None:
    assert [word for word in WORDS if word != word.lower() or not re.fullmatch(r"[\x20-\x7e]+", word)] == []
