"""Text that repeats itself is shortened before it is searched, and what is found stands where it stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotctl.secrets import scan
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.repeats import place_of, shortened

TOKEN = b"gh" + b"p_" + b"aB3dE6gH9" * 4


@pytest.mark.parametrize(
    "unit", [b"password=", b"Authorization: Basic ", b'"key":{', b"-----BEGIN RSA PRIVATE " + b"KEY-----\n"]
)
def test_a_megabyte_of_one_line_is_searched_as_a_few_kilobytes(unit: bytes) -> None:
    text, cuts = shortened(unit * ((1 << 20) // len(unit)))
    assert len(text) < 64 << 10
    assert len(text) + sum(taken for _, taken in cuts) == (1 << 20) // len(unit) * len(unit)


def test_no_rule_looks_further_than_what_is_kept_of_a_repeated_text() -> None:
    assert max(rule.window + rule.reach for rule in all_rules()) < 24 << 10


@pytest.mark.parametrize("unit", [b"pass" + b"word=", b"a line of words\n", b"\0", b"xy" * 2000])
def test_a_secret_between_repeated_lines_is_found_where_it_stands(unit: bytes) -> None:
    many = unit * (300_000 // len(unit))
    data = many + b"\nvalue " + TOKEN + b" end\n" + many + b"\nvalue " + TOKEN + b" end\n" + many
    places = [secret.start for secret in scan(data) if secret.rule == "github-token"]
    assert places == [place for place in range(len(data)) if data.startswith(TOKEN, place)]


@settings(max_examples=50)
@given(st.binary(min_size=1, max_size=300), st.binary(max_size=300), st.integers(1, 400))
def test_what_is_left_is_the_text_without_whole_turns(unit: bytes, other: bytes, kilobytes: int) -> None:
    data = other + unit * (kilobytes * 1024 // len(unit)) + other + unit * (kilobytes * 512 // len(unit))
    text, cuts = shortened(data)
    assert all(data[place_of(place, cuts)] == text[place] for place in range(0, len(text), 97))
    assert len(text) + sum(taken for _, taken in cuts) == len(data)
