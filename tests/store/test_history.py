"""What `sotctl history` tells of one issue, where git is not as usual."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from samples import REFERENCE, REFERENCE_PATH, Repository
from sotctl.git.history import versions
from sotctl.git.repository import Git, Objects

MOVED = ["appears as validated", "validated -> in_progress"]


@pytest.fixture
def unborn(tmp_path: Path, object_format: str) -> Repository:
    found = Repository(tmp_path / "work")
    found.path.mkdir()
    found.git("init", "-q", f"--object-format={object_format}")
    found.write(REFERENCE_PATH, REFERENCE)
    found.git("add", ".")
    return found


def events(repository: Repository, issue: str) -> list[str]:
    return [event["what"] for event in json.loads(repository.done("history", issue, "--json"))["events"]]


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_repository_of_either_hash_is_told(unborn: Repository) -> None:
    unborn.git("commit", "-q", "-m", "The issues")
    unborn.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    assert events(unborn, "CTO-WORK-019") == MOVED
    unborn.git("config", "log.showSignature", "true")
    unborn.git("mv", REFERENCE_PATH, ".sot/02-ISSUES/other.md")
    unborn.git("commit", "-q", "-m", "Another name")
    assert events(unborn, "CTO-WORK-019") == MOVED


@pytest.mark.parametrize("object_format", ["sha1"])
def test_without_a_commit_there_is_no_history(unborn: Repository) -> None:
    done = unborn.run("history", "CTO-WORK-019")
    assert (done.returncode, done.stderr.startswith("error: git log:")) == (3, True)


@pytest.mark.parametrize("object_format", ["sha1"])
def test_a_merge_that_lists_no_name_is_no_version(unborn: Repository) -> None:
    """Git lists none for a merge that differs from both of its sides, unless it follows the document."""

    def commit(text: str) -> None:
        unborn.write("a.md", text)
        unborn.git("add", "a.md")
        unborn.git("commit", "-q", "-m", text)

    commit("start")
    unborn.git("switch", "-q", "-c", "side")
    commit("side")
    unborn.git("switch", "-q", "-")
    commit("main")
    unborn.try_git("merge", "side")
    commit("both")
    commit("end")
    ours = Git(unborn.path)
    objects = Objects(ours)
    found = [(version.message.strip(), version.data) for version in versions(ours, objects, "a.md", follow=False)]
    objects.close()
    assert sorted(found) == [(text, text.encode()) for text in ("end", "main", "side", "start")]


@pytest.mark.parametrize("object_format", ["sha1"])
def test_without_git_the_help_is_there_and_history_says_what_is_missing(unborn: Repository, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    without = str(tmp_path / "bin")
    assert unborn.spawn("history", "--help", PATH=without).returncode == 0
    done = unborn.spawn("history", "CTO-WORK-019", PATH=without)
    assert (done.returncode, done.stderr) == (3, "error: git is not installed\nhint: install git 2.28 or later\n")
