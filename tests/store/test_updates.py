"""The lines that git gives a hook about refs."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import Repository
from sotctl.git.repository import Git
from sotctl.git.updates import GUARDED, is_guarded, not_in, parse_updates, refs

IDS = st.sampled_from([40, 64]).flatmap(lambda size: st.text("0123456789abcdef", min_size=size, max_size=size))
ZERO = st.sampled_from(["0" * 40, "0" * 64])
# What git-check-ref-format(1) lets stand in a name: no space, no control character, none of `~^:?*[\`.
NAMES = st.lists(
    st.binary(min_size=1, max_size=8).map(lambda part: bytes(byte for byte in part if byte > 32 and byte not in b"\x7f~^:?*[\\/."))
    .filter(bool),
    min_size=1,
    max_size=4,
).map(lambda parts: b"refs/" + b"/".join(parts))  # fmt: skip
NEW = st.one_of(IDS, ZERO, NAMES.map(lambda name: "ref:" + os.fsdecode(name)))


@given(st.lists(st.tuples(st.one_of(IDS, ZERO), NEW, NAMES), max_size=5), st.booleans())
def test_updates_are_read_as_git_writes_them(updates: list[tuple[str, str, bytes]], is_last_ended: bool) -> None:
    lines = b"".join(b"%b %b %b\n" % (old.encode(), os.fsencode(new), name) for old, new, name in updates)
    given_lines = lines if is_last_ended else lines.removesuffix(b"\n")
    found = [(update.name, update.new) for update in parse_updates(given_lines)]
    assert found == [(os.fsdecode(name), "" if set(new) == {"0"} else new) for _, new, name in updates]


@pytest.mark.parametrize(
    ("name", "guarded"),
    [
        ("refs/heads/main", True),
        ("refs/stash", True),
        ("refs/stash2", False),
        ("refs/headsx", False),
        ("refs/remotes/origin/main", False),
        ("HEAD", False),
    ],
)
def test_a_prefix_guards_what_is_below_it_and_a_name_itself(name: str, guarded: bool) -> None:
    assert is_guarded(name, GUARDED) is guarded


def test_what_guarded_refs_reach_is_left_out_by_patterns_that_match_exactly_them(empty: Repository) -> None:
    assert not_in(Git(empty.path), ["refs/heads/", "refs/stash"]) == [
        "--not",
        "--glob=refs/heads/*",
        "--glob=refs/stas[h]",
    ]


def test_a_name_with_what_only_python_takes_for_a_line_end_is_one_ref(store: Repository) -> None:
    name = "refs/foo/a\u2028b\x85c"
    store.git("update-ref", name, "HEAD")
    assert name in refs(Git(store.path))
    assert store.run("history", "--audit").returncode == 0
    ways = json.loads(store.run("doctor", "--json").stdout)["ways_past"]
    assert [way["id"] for way in ways if way["id"].startswith("ref-")] == ["ref-not-guarded"]
