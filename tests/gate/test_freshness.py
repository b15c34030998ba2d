"""A revocation reaches a host by a fetch, so a clone that has not fetched for long is stale."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from gate.gate_repository import NAME, GateRepository

ADMITTED = ("admitted", "admitted")
STALE = ("not_admitted", "clone-stale")
DAY_S = 86400


@pytest.fixture
def clone(repository: GateRepository, tmp_path: Path) -> GateRepository:
    """A clone of the repository that has fetched just now."""
    repository.git("clone", "-q", str(repository.path), str(tmp_path / "clone"))
    found = GateRepository(tmp_path / "clone")
    found.git("fetch", "-q")
    return found


def fetched(clone: GateRepository, ago_s: float) -> None:
    at = time.time() - ago_s
    os.utime(clone.path / ".git/FETCH_HEAD", (at, at))


def configured(repository: GateRepository, clone: GateRepository, max_age: str) -> None:
    repository.commit({".sot/sot.toml": f'[gate]\nmax_age = "{max_age}"\n'.encode()})
    clone.git("pull", "-q")


def test_the_shorter_of_configuration_and_variable_counts(repository: GateRepository, clone: GateRepository) -> None:
    configured(repository, clone, "24h")
    assert clone.decided() == ADMITTED
    fetched(clone, DAY_S + 60)
    assert clone.decided() == STALE
    assert clone.decided(SOTCTL_MAX_AGE="7d") == STALE
    fetched(clone, DAY_S - 60)
    assert clone.decided() == ADMITTED
    assert clone.decided(SOTCTL_MAX_AGE="90m") == STALE
    assert clone.decided(SOTCTL_MAX_AGE=" ") == ADMITTED


def test_nobody_who_asks_for_no_age_is_stale(clone: GateRepository) -> None:
    fetched(clone, 9 * DAY_S)
    assert clone.decided() == ADMITTED


def test_a_clone_that_lies_behind_its_upstream_is_stale(repository: GateRepository, clone: GateRepository) -> None:
    repository.commit({"a": b""})
    clone.git("fetch", "-q")
    said = clone.gate(SOTCTL_MAX_AGE="1h")
    assert (said["reason"], said["message"], said["next"]) == (
        "clone-stale",
        "the clone is stale: `refs/heads/main` lies behind `refs/remotes/origin/main`, so a later revocation would be unknown",
        "git pull",
    )
    clone.git("pull", "-q")
    assert clone.decided(SOTCTL_MAX_AGE="1h") == ADMITTED
    clone.commit({"b": b""})
    assert clone.decided(SOTCTL_MAX_AGE="1h") == ADMITTED
    repository.commit({"c": b""})
    clone.git("fetch", "-q")
    assert clone.decided(SOTCTL_MAX_AGE="1h") == STALE


def test_without_an_upstream_or_a_fetch_a_clone_is_stale(repository: GateRepository, clone: GateRepository) -> None:
    assert repository.decided(SOTCTL_MAX_AGE="1h") == STALE
    (clone.path / ".git/FETCH_HEAD").unlink()
    assert clone.decided(SOTCTL_MAX_AGE="1h") == STALE
    clone.git("fetch", "-q")
    clone.git("branch", "--unset-upstream")
    assert clone.decided(SOTCTL_MAX_AGE="1h") == STALE
    clone.git("branch", "-q", "other")
    clone.git("branch", "-q", "--set-upstream-to=other")
    assert clone.decided(SOTCTL_MAX_AGE="1h") == STALE
    clone.git("branch", "-q", "--set-upstream-to=origin/main")
    clone.git("update-ref", "-d", "refs/remotes/origin/main")
    assert clone.decided(SOTCTL_MAX_AGE="1h") == STALE


def test_a_remote_tracking_branch_is_as_old_as_the_last_fetch(clone: GateRepository) -> None:
    clone.git("checkout", "-q", "--detach")
    ref = ("--ref", "refs/remotes/origin/main")
    assert clone.decided(*ref, SOTCTL_MAX_AGE="1h") == ADMITTED
    fetched(clone, 2 * 3600)
    assert clone.decided(*ref, SOTCTL_MAX_AGE="1h") == STALE


@pytest.mark.parametrize("age", ["1", "h", "0h", "-1h", "1.5h", "1w", "24 h", "٢h", "99999999999d", "forever"])
def test_what_is_no_length_of_time_is_no_age(clone: GateRepository, age: str) -> None:
    assert clone.decided(SOTCTL_MAX_AGE=age) == STALE


def test_a_fetch_in_the_future_is_none(clone: GateRepository) -> None:
    fetched(clone, -DAY_S)
    assert clone.decided(SOTCTL_MAX_AGE="1h") == STALE
    fetched(clone, -60)
    assert clone.decided(SOTCTL_MAX_AGE="1h") == ADMITTED


def test_a_linked_work_tree_counts_its_own_fetch_and_that_of_the_main_one(
    clone: GateRepository, tmp_path: Path
) -> None:
    clone.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"), "origin/main")
    side = GateRepository(tmp_path / "side")
    assert side.decided(SOTCTL_MAX_AGE="1h") == ADMITTED
    fetched(clone, DAY_S)
    assert side.decided(SOTCTL_MAX_AGE="1h") == STALE
    side.git("fetch", "-q")
    assert side.decided(SOTCTL_MAX_AGE="1h") == ADMITTED


def test_a_file_outside_every_clone_is_stale_where_an_age_is_asked_for(
    repository: GateRepository, tmp_path: Path
) -> None:
    shutil.copy(repository.path / NAME, tmp_path / "outside.json")
    outside = ("--admission-file", str(tmp_path / "outside.json"))
    assert repository.decided(*outside, SOTCTL_MAX_AGE="1h") == STALE
    assert repository.decided(*outside) == ADMITTED


def test_another_pair_is_a_stale_clone_first(clone: GateRepository) -> None:
    fetched(clone, DAY_S)
    assert clone.decided("--model", "gpt-5.4", SOTCTL_MAX_AGE="1h") == STALE
