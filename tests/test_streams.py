"""What surrounds a command is not as it should be: streams that are closed, an interrupt that comes early."""

from __future__ import annotations

import itertools
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from samples import ADMISSION_PATH, ADMITTED, Repository

# Runs sotctl as its console script does, and gets SIGINT when the module named first is about to be imported.
INTERRUPTED = textwrap.dedent(
    """
    import os, signal, sys
    module = sys.argv.pop(1)
    def watch(event, arguments):
        if event == "import" and arguments[0] == module:
            os.kill(os.getpid(), signal.SIGINT)
    sys.addaudithook(watch)
    from sotctl.__main__ import main
    main()
    """
)
CLOSED = [" ".join(closed) for count in range(4) for closed in itertools.combinations(("0<&-", "1>&-", "2>&-"), count)]
SOTCTL = f"{shlex.quote(sys.executable)} -m sotctl"


@pytest.mark.parametrize(
    ("module", "verb"),
    [
        ("sotctl.cli", "due"),
        ("click", "due"),
        ("sotctl.errors", "due"),
        ("sotctl.app.verb", "due"),
        ("sotctl.fastpath.lazy_inspect", "gate"),
        ("sotctl.gate.command", "gate"),
        ("sotctl.gate.verdict", "gate"),
    ],
)
def test_an_interrupt_while_sotctl_is_loaded_is_quiet(module: str, verb: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, module, verb]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_an_interrupt_while_a_hook_is_loaded_is_quiet(tmp_path: Path) -> None:
    start = INTERRUPTED.replace("sotctl.__main__", "sotctl.hooks.__main__")
    command = [sys.executable, "-c", start, "sotctl.errors", "pre-commit"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.decided
def test_an_admitted_pair_stays_admitted_while_stdout_can_be_read(store: Repository, closed: str) -> None:
    pair = f"--provider {ADMITTED['provider']} --model {ADMITTED['model']}"
    for verb in ("gate", "--store . gate"):  # the short way, and the long one
        command = f"{SOTCTL} {verb} --admission-file {ADMISSION_PATH} {pair} {closed}"
        done = subprocess.run(["bash", "-c", command], cwd=store.path, capture_output=True, text=True, check=False)
        assert done.returncode == (3 if "1>&-" in closed else 0), done.stderr
        assert done.stdout.startswith("admitted") == ("1>&-" not in closed)
        told = "error: the result could not be written: standard output is closed\n"
        assert done.stderr == (told if "1>&-" in closed and "2>&-" not in closed else "")


@pytest.mark.parametrize("closed", CLOSED)
def test_a_hook_judges_the_same_whatever_is_closed(store: Repository, closed: str) -> None:
    hook = f"{store.path}/.git/hooks"
    store.write("clean.txt", "clean\n")
    store.git("add", "clean.txt")
    done = subprocess.run(["bash", "-c", f"{hook}/pre-commit {closed}"], cwd=store.path, check=False)
    assert done.returncode == 0
    push = f"{hook}/pre-push origin elsewhere {'< /dev/null' if '0<' not in closed else ''} {closed}"
    done = subprocess.run(["bash", "-c", push], cwd=store.path, check=False)
    assert done.returncode == (3 if "0<&-" in closed else 0)  # what it was to judge is not known


def test_a_full_disk_behind_stdout_is_told_once(store: Repository) -> None:
    for verb, status in (("gate", 3), ("issue list", 3), ("issue lost", 2)):
        command = ["bash", "-c", f"{SOTCTL} {verb} > /dev/full"]
        done = subprocess.run(command, cwd=store.path, capture_output=True, text=True, check=False)
        assert done.returncode == status
        assert done.stderr.count("error:") == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("scan --history --update-baseline", "accepts alarms in files of the work tree, and none in the history"),
        ("scan - --update-baseline --reason x", "and none in standard input"),
        ("scan . --update-baseline --reason x --format sarif", "has no result in the format sarif"),
        ("scan . --reason x", "--reason is kept in the baseline, so it goes with --update-baseline"),
        ("scan --history -", "--history and - do not go together"),
        ("scan . --json --format sarif", "--json and --format do not go together"),
        ("check --all --json --format text", "--json and --format do not go together"),
        ("history CTO-WORK-020 --audit", "ISSUE and --audit do not go together"),
        ("issue graph --json --format dot", "--json and --format do not go together"),
        ("issue list --json --csv", "--json and --csv do not go together"),
        ("issue status CTO-WORK-019 validated --undo", "--undo and a status do not go together"),
        ("issue status CTO-WORK-019 --undo --override", "--undo and --override do not go together"),
        ("issue status CTO-WORK-019 in_progress --override --reason x", "--override passes over acceptance"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(store: Repository, command: str, said: str) -> None:
    done = store.run(*command.split())
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert store.git("status", "--porcelain") == ""
