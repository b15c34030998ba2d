"""The stores of a repository: the one at the top, and those that it names."""

from __future__ import annotations

import json
import re

import pytest

from samples import ANSWERS, REFERENCE, Repository

pytestmark = pytest.mark.slow  # each takes little, all together take long

ISSUES = REFERENCE.partition(b"\n---\n")[0] + b"\n---\n\n## AB-1 - x\n\nStatus: draft.\n"
NAMED = b'[store]\nalso = ["team/.sot"]\n'


def said(repository: Repository, store: str = ".") -> set[str]:
    """The rules that refuse what is in the work tree, to the hook and to `check --staged`."""
    repository.git("add", "-A")
    done = repository.run("check", "--staged", "--format", "json", "--store", store)
    found = {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
    commit = repository.try_git("commit", "-qm", "x")
    assert found == set(re.findall(r"^error: .*\[([a-z-]+)\]$", commit.stderr, re.MULTILINE)), (
        done.stdout,
        commit.stderr,
    )
    return found


def test_a_further_store_is_named_first(store: Repository) -> None:
    store.write("team/.sot/02-ISSUES/a.md", ISSUES)
    assert said(store) == {"store-unnamed"}
    store.write(".sot/sot.toml", NAMED)
    assert said(store) == {"store-unnamed"}
    store.git("reset", "-q", "--", "team")
    store.git("commit", "-qm", "Name the store")
    assert said(store) == set()


def test_the_only_store_is_at_the_top_wherever_it_lies(empty: Repository) -> None:
    empty.write("a/b/.sot/02-ISSUES/a.md", ISSUES)
    empty.done("hooks", "install")
    assert said(empty, "a/b") == set()
    empty.write(".sot/02-ISSUES/b.md", ISSUES.replace(b"AB-1", b"AB-2"))
    assert said(empty) == {"store-unnamed"}


@pytest.mark.parametrize("other", ["Team", "TEAM"])
def test_two_folders_of_stores_are_no_twins(store: Repository, other: str) -> None:
    store.write(".sot/sot.toml", f'[store]\nalso = ["team", "{other}"]\n')
    assert said(store) == set()
    store.write("team/.sot/02-ISSUES/a.md", ISSUES)
    assert said(store) == {"store-unnamed"}


def test_a_further_store_asks_for_no_less_than_the_one_at_the_top(store: Repository) -> None:
    store.write(".sot/sot.toml", b'[store]\nalso = ["team"]\n[approval]\napprovers = ["Ann"]\n')
    assert said(store) == set()
    store.write("team/.sot/02-ISSUES/a.md", REFERENCE)
    store.write("team/.sot/sot.toml", b'[approval]\napprovers = ["JP", "Ann"]\n')
    assert said(store) == set()
    decide = ("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes", "--store", "team")
    done = store.run(*decide)
    assert (done.returncode, "is not by an approver of this store (`Ann`)" in done.stderr) == (2, True)


def test_a_store_that_is_there_and_not_named_is_a_finding_of_the_whole(store: Repository) -> None:
    store.write("team/.sot/02-ISSUES/a.md", ISSUES)
    store.git("add", "-A")
    store.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "x")
    assert "team/.sot:1:1: error" in store.run("check", "--all").stdout
    store.write(".sot/sot.toml", NAMED)
    assert said(store) == set()
    assert store.run("check", "--all").returncode == 0
