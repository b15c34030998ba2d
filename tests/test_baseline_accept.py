"""A false alarm is accepted by a reviewed line, from the next commit on, and never by its value."""

from __future__ import annotations

import json

import pytest

from samples import TOKEN, Repository

pytestmark = pytest.mark.slow  # each takes little, all together take long

BASELINE = ".sot/secrets-baseline.json"


def accept(store: Repository) -> None:
    store.write("vectors.txt", f"key {TOKEN}\n")
    store.done("scan", "--update-baseline", "--reason", "a published test vector", "vectors.txt")


def test_an_alarm_is_accepted_and_the_file_can_be_committed(store: Repository) -> None:
    store.write("vectors.txt", f"key {TOKEN}\n")
    store.git("add", "vectors.txt")
    assert store.try_git("commit", "-m", "x").returncode == 1
    accept(store)
    baseline = json.loads(store.read(BASELINE))
    assert [(entry["path"], entry["reason"]) for entry in baseline["accepted"]] == [
        ("vectors.txt", "a published test vector")
    ]
    assert TOKEN not in store.read(BASELINE).decode()
    store.git("commit", "-qm", "x")
    assert store.run("check", "--all").returncode == 0


def test_the_same_value_in_another_file_and_another_value_in_the_same_are_refused(store: Repository) -> None:
    accept(store)
    store.write("other.txt", f"key {TOKEN}\n")
    store.git("add", "-A")
    assert store.try_git("commit", "-m", "x").returncode == 1
    store.git("rm", "-qf", "other.txt")
    store.write("vectors.txt", f"key {TOKEN[:-1]}X\n")
    store.git("add", "-A")
    assert store.try_git("commit", "-m", "x").returncode == 1


def test_a_line_takes_effect_from_the_next_commit_on(store: Repository) -> None:
    accept(store)
    line = store.read(BASELINE)
    store.git("reset", "-q", "--hard", "HEAD~1")
    store.write("vectors.txt", f"key {TOKEN}\n")
    store.write(BASELINE, line)
    store.git("add", "-A")
    assert store.try_git("commit", "-m", "both at once").returncode == 1


def test_a_line_that_accepts_nothing_is_dropped(store: Repository) -> None:
    accept(store)
    store.write("vectors.txt", "nothing\n")
    assert "dropped   1" in store.done("scan", "--update-baseline", "vectors.txt")
    assert json.loads(store.read(BASELINE))["accepted"] == []


def test_without_a_reason_nothing_is_accepted(store: Repository) -> None:
    store.write("vectors.txt", f"key {TOKEN}\n")
    assert store.run("scan", "--update-baseline", "vectors.txt").returncode == 2
    assert store.run("scan", "--update-baseline", "--reason", "TBD", "vectors.txt").returncode == 2
    assert not (store.path / BASELINE).exists()


def test_a_broken_baseline_accepts_nothing_and_says_so(store: Repository) -> None:
    accept(store)
    store.git("add", "-A")
    store.git("commit", "-qm", "x")
    store.write(BASELINE, "{}")
    done = store.run("check", "--all", "--json")
    assert {finding["rule"] for finding in json.loads(done.stdout)["findings"]} == {"baseline-invalid", "secret"}


def test_a_line_for_what_is_gone_is_a_finding(store: Repository) -> None:
    accept(store)
    store.write("vectors.txt", "nothing\n")
    done = store.run("check", "--all", "--json")
    assert [finding["rule"] for finding in json.loads(done.stdout)["findings"]] == ["baseline-stale"]
