"""An accepted alarm is a reviewed line, never the value."""

import json
import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotctl.secrets import fingerprint, scan
from sotctl.secrets.baseline import Accepted, Baseline, BaselineError, parse

KEY = bytes(range(32))
DATA = f"api_key: {'a8F3kQ9z' * 3}\n".encode()
TODAY = date(2026, 5, 31)


def accepted() -> Baseline:
    (secret,) = scan(DATA)
    return Baseline(key=KEY).with_accepted(secret, DATA, path="a.md", reason="a test vector", today=TODAY)


def test_a_baseline_survives_being_written_and_read() -> None:
    assert parse(accepted().to_bytes()) == accepted()


def test_a_baseline_holds_no_value() -> None:
    assert b"a8F3kQ9z" not in accepted().to_bytes()
    assert scan(accepted().to_bytes(), path=".sot/secrets-baseline.json") == []


def test_an_alarm_is_accepted_in_its_file_only() -> None:
    (secret,) = scan(DATA)
    assert accepted().accepts(secret, DATA, path="a.md")
    assert not accepted().accepts(secret, DATA, path="b.md")


def test_another_place_in_the_file_is_the_same_alarm_and_another_value_is_not() -> None:
    moved, other = b"# title\n\n" + DATA, DATA.replace(b"a8F3", b"b8F3")
    left, met = accepted().sorted_out(scan(moved), moved, path="a.md")
    assert (left, met) == ([], set(accepted().accepted))
    assert accepted().sorted_out(scan(other), other, path="a.md") == (scan(other), set())


def test_an_alarm_is_accepted_whatever_rule_names_it() -> None:
    (secret,) = scan(DATA)
    (entry,) = accepted().accepted
    renamed = Baseline(key=KEY, accepted=(replace(entry, rule="another-rule"),))
    assert renamed.accepts(secret, DATA, path="a.md")
    assert renamed.sorted_out([secret], DATA, path="a.md") == ([], {renamed.accepted[0]})


def test_an_entry_nothing_met_is_stale() -> None:
    assert accepted().stale([]) == accepted().accepted
    assert accepted().stale(accepted().accepted) == ()
    assert accepted().without(accepted().accepted) == Baseline(key=KEY)


@pytest.mark.parametrize("reason", ["", " ", "TBD", "n/a", "-", "none"])
def test_a_reason_is_required(reason: str) -> None:
    (secret,) = scan(DATA)
    with pytest.raises(BaselineError, match="needs a reason"):
        Baseline(key=KEY).with_accepted(secret, DATA, path="a.md", reason=reason, today=TODAY)


def test_accepting_twice_keeps_one_entry_with_the_newer_reason() -> None:
    (secret,) = scan(DATA)
    again = accepted().with_accepted(secret, DATA, path="a.md", reason="still a test vector", today=TODAY)
    assert [entry.reason for entry in again.accepted] == ["still a test vector"]


def broken() -> list[tuple[str, bytes]]:
    good = json.loads(accepted().to_bytes())
    entry = good["accepted"][0]
    variants = {
        "not JSON": None,
        "and the type": {**good, "type": "x"},
        "exactly the keys": {**good, "extra": 1},
        "key:": {**good, "key": "zz"},
        "must be a list": {**good, "accepted": {}},
        "duplicate entry": {**good, "accepted": [entry, entry]},
        "must have exactly": {**good, "accepted": [{**entry, "value": "x"}]},
        "fingerprint": {**good, "accepted": [{**entry, "fingerprint": "x"}]},
        "reason": {**good, "accepted": [{**entry, "reason": "tbd"}]},
        "date": {**good, "accepted": [{**entry, "date": "2026-02-30"}]},
    }
    return [(words, b"{" if root is None else json.dumps(root).encode()) for words, root in variants.items()]


@pytest.mark.parametrize(("words", "data"), broken(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_broken_baseline_is_refused_with_its_place(words: str, data: bytes) -> None:
    with pytest.raises(BaselineError, match=words):
        parse(data)


@pytest.mark.parametrize("data", [b"[" * 100_000, b"\xff", b'{"type": NaN}', b'{"key": 1, "key": 1}'])
def test_hostile_json_is_refused(data: bytes) -> None:
    with pytest.raises(BaselineError):
        parse(data)


def test_a_fingerprint_depends_on_its_key() -> None:
    assert fingerprint.fingerprint(b"x", key=KEY) != fingerprint.fingerprint(b"x", key=KEY[::-1])
    assert len(fingerprint.fingerprint(b"x", key=KEY)) == 32


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="15 bytes"):
        fingerprint.fingerprint(b"x", key=bytes(15))


def test_entries_are_ordered_by_path() -> None:
    (entry,) = accepted().accepted
    both = Baseline(key=KEY, accepted=(replace(entry, path="z.md"), entry))
    assert [item.path for item in parse(both.to_bytes()).accepted] == ["a.md", "z.md"]
    assert isinstance(entry, Accepted)


MARKS = st.text("0123456789abcdef", min_size=32, max_size=32)
REASONS = st.text(max_size=20).map(lambda text: f"why {text}".strip())
ENTRIES = st.builds(
    Accepted,
    path=st.text(max_size=20),
    fingerprint=MARKS,
    rule=st.sampled_from(["secret-assignment", "github-token"]),
    reason=REASONS,
    date=st.dates().map(date.isoformat),
)
BASELINES = st.builds(
    lambda key, entries: Baseline(key=key, accepted=tuple(sorted(entries))),
    st.binary(min_size=16, max_size=64),
    st.lists(ENTRIES, max_size=5, unique_by=lambda entry: (entry.fingerprint, entry.path, entry.rule)),
)


@given(BASELINES)
def test_any_baseline_survives_being_written_and_read(baseline: Baseline) -> None:
    data = baseline.to_bytes()
    assert parse(data) == baseline
    assert parse(data).to_bytes() == data
    assert data.isascii()


@given(BASELINES, st.randoms())
def test_the_order_in_the_file_does_not_matter(baseline: Baseline, chance: random.Random) -> None:
    root = json.loads(baseline.to_bytes())
    chance.shuffle(root["accepted"])
    assert parse(json.dumps(root).encode()) == baseline


@given(BASELINES, st.integers(0, 1 << 20))
def test_a_baseline_that_is_cut_short_is_refused(baseline: Baseline, at: int) -> None:
    data = baseline.to_bytes().rstrip()
    with pytest.raises(BaselineError):
        parse(data[: at % len(data)])


@given(BASELINES, st.data())
def test_what_is_taken_out_is_gone_and_nothing_else_is(baseline: Baseline, data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(baseline.accepted))) if baseline.accepted else set()
    left = baseline.without(gone)
    assert (left.key, set(left.accepted)) == (baseline.key, set(baseline.accepted) - gone)
    assert set(baseline.stale(left.accepted)) == gone
