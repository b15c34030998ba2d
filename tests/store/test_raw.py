"""DiffEntry diffs are read as git writes them: every path, every mode, every parent."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from samples import Repository
from sotctl.git import diff as raw
from sotctl.git.diff import GONE, SUBMODULE, commit_ids, committed_diffs
from sotctl.git.repository import Git

IDS = st.sampled_from([40, 64]).flatmap(lambda size: st.text("0123456789abcdef", min_size=size, max_size=size))
MODES = st.sampled_from(["100644", "100755", "120000", SUBMODULE, GONE])
NAMES = st.binary(min_size=1, max_size=12).map(lambda name: name.replace(b"\0", b"/"))
HOSTILE = st.sampled_from([b":100644 a", b":", b"::", b" ", b"\n", b"\xff", b"0" * 40])
PATHS = st.one_of(NAMES, HOSTILE, st.builds(lambda one, two: one + two, HOSTILE, NAMES))
CHANGES = st.lists(st.tuples(st.integers(1, 3), MODES, IDS, PATHS), max_size=4)


def line(parents: int, mode: str, oid: str, path: bytes) -> bytes:
    """One entry of `git diff-tree --raw -z`, and with several parents of `git diff-tree -c --raw -z`."""
    words = [*["100644"] * parents, mode, *["1" * len(oid)] * parents, oid, "M" * parents]
    return b":" * parents + " ".join(words).encode() + b"\0" + path + b"\0"


@given(st.lists(st.tuples(IDS, CHANGES), min_size=1, max_size=4))
def test_the_differences_of_many_commits_are_told_apart(
    commits: list[tuple[str, list[tuple[int, str, str, bytes]]]],
) -> None:
    listing = b"".join(
        commit.encode() + b"\0" + b"".join(line(*change) for change in changes) for commit, changes in commits
    )
    found = [
        (commit, [(entry.mode, entry.oid, entry.path) for entry in entries])
        for commit, entries in raw._by_commit(listing)
    ]
    assert found == [
        (commit, [(mode, oid, os.fsdecode(path)) for _, mode, oid, path in changes]) for commit, changes in commits
    ]


def test_git_itself_writes_what_is_read(empty: Repository) -> None:
    """Names that look like entries, and a merge that differs from both its parents in one path alone."""
    names = [":100644 100644 a b M", "line\nend", " space ", ":", "é"]
    for name in names:
        empty.write(name, "one\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "One")
    empty.git("checkout", "-qb", "side")
    empty.write("side", "side\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "Side")
    empty.git("checkout", "-q", "main")
    empty.git("commit", "-qm", "Two", "--allow-empty")
    empty.git("merge", "-q", "--no-ff", "--no-commit", "side")
    empty.write(":", "merged\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "Merge")
    git = Git(empty.path)
    commits = commit_ids(git, ["main"])
    found = dict(committed_diffs(git, commits))
    assert [sorted(entry.path for entry in found[commit]) for commit in commits] in (
        [sorted(names), ["side"], [], [":"]],
        [sorted(names), [], ["side"], [":"]],
    )
    (merged,) = found[commits[-1]]
    assert (merged.mode, merged.oid) == ("100644", empty.git("rev-parse", "HEAD::").strip())
