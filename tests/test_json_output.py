"""What a program reads: with `--json`, standard output holds one document, whatever happens."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samples import REFERENCE_PATH, TOKEN, Done, Repository

pytestmark = pytest.mark.slow  # each takes little, all together take long


def failure(done: Done) -> Any:
    """The document of an error; it says the exit code that the process had, and stderr says it in prose."""
    document = json.loads(done.stdout)
    assert document["type"] == "sotctl.error/v1"
    assert document["exit_code"] == done.returncode
    assert done.stderr.count(document["hint"]) >= 1
    return document


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["issue", "show", "CTO-WORK-999", "--json"], 3, "CTO-WORK-999"),
        (["issue", "shwo", "--json"], 2, "there is no verb `shwo`"),
        (["check", "--json"], 2, "name one of --all"),
        (["check", "--format", "json"], 2, "name one of --all"),
        (["--store", "nowhere", "check", "--all", "--format=json"], 3, "there is no store at nowhere"),
        (["scan", "--json"], 2, "name files or folders"),
        (["resume", "--jsn", "--json"], 2, "--jsn"),
    ],
)
def test_an_error_is_one_document(store: Repository, arguments: list[str], code: int, words: str) -> None:
    done = store.run(*arguments)
    document = failure(done)
    assert done.returncode == code
    assert words in document["error"]
    assert f"error: {document['error']}" in done.stderr


def test_without_json_standard_output_stays_empty(store: Repository) -> None:
    assert store.run("issue", "show", "CTO-WORK-999").stdout == ""


def test_a_refusal_lists_its_findings(store: Repository) -> None:
    store.write(".sot/sot.toml", "[store]\nwarn_dys = 3\n")
    done = store.run("issue", "list", "--json")
    findings = failure(done)["findings"]
    assert findings[0]["path"] == ".sot/sot.toml"
    assert findings[0]["message"] in done.stderr


def test_the_refusal_of_a_move_lists_the_obstacles(store: Repository) -> None:
    found = failure(store.run("issue", "status", "CTO-WORK-020", "ready", "--json"))["obstacles"]
    assert {tuple(obstacle) for obstacle in found} == {("path", "line", "message", "fix")}
    assert (found[0]["path"], found[0]["line"]) == (REFERENCE_PATH, 54)
    assert "sotctl decide CTO-WORK-020" in [obstacle["fix"] for obstacle in found]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_after_a_result_no_second_document_follows(store: Repository, encoding: str) -> None:
    (store.path / "gone").symlink_to(Path("nowhere"))
    done = store.spawn("scan", "gone", "--json", PYTHONIOENCODING=encoding)
    assert done.returncode == 3
    assert "could not be read" in done.stderr
    assert json.loads(done.stdout)["type"] == "sotctl.scan/v1"


@pytest.mark.decided
def test_findings_are_a_result_and_a_misused_gate_is_an_error(store: Repository) -> None:
    assert json.loads(store.run("check", "--all", "--json").stdout)["type"] == "sotctl.check/v1"
    assert json.loads(store.run("gate", "--json", "--provider").stdout)["type"] == "sotctl.error/v1"


def test_the_words_of_git_do_not_stand_before_the_document(store: Repository) -> None:
    done = store.spawn("commit", "-m", "nothing", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["commit"] is None
    assert "nothing to commit" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "redirection", "code"),
    [
        ("issue show CTO-WORK-999 --json", "| true", 3),
        ("issue show CTO-WORK-999 --json", "> /dev/full", 3),
        ("issue show CTO-WORK-999 --json", ">&-", 3),
        ("issue list", "> /dev/full", 3),
        ("issue list", "| true", 0),
        ("issue list", ">&-", 0),
        ("issue list", ">&- 2>&-", 0),
        ("issue lost", "2> /dev/full", 2),
        ("issue lost", "2>&1 | true", 2),
    ],
)
def test_a_reader_that_is_not_there_changes_no_status(
    store: Repository, arguments: str, redirection: str, code: int
) -> None:
    command = f"set -o pipefail; {shlex.quote(sys.executable)} -m sotctl {arguments} {redirection}"
    done = subprocess.run(["bash", "-c", command], cwd=store.path, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


@pytest.mark.parametrize("form", ["", "--json", "--format sarif", "--format github"])
@pytest.mark.parametrize("reader", ["| true", "| head -c 0", "2>&1 | true"])
@pytest.mark.parametrize("verb", ["check --all", "scan ."])
def test_findings_that_nobody_reads_are_no_pass(store: Repository, verb: str, reader: str, form: str) -> None:
    store.write(".sot/04-EVIDENCE/notes.txt", f"key {TOKEN}\n" * 2000)
    command = f"{shlex.quote(sys.executable)} -m sotctl {verb} {form} {reader}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=store.path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
