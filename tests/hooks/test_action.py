"""The scripts of the GitHub action, run as a workflow would run them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from gated import Gated

ACTION = Path(__file__).parent.parent.parent / "action.yml"


def installed(gated: Gated, package: str) -> str:
    """Run the step that installs, with a `python` that tells what it was asked to do."""
    step = steps_of_action()[1]
    assert step["env"] == {"SOTCTL_PACKAGE": "${{ inputs.version }}"}
    python = gated.path.parent / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    python.chmod(0o755)
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    done = gated.run(
        "bash", "-e", "-c", step["run"], PATH=path, SOTCTL_PACKAGE=package, GITHUB_ACTION_PATH="/actions/sotctl v1"
    )
    assert done.returncode == 0
    return done.stdout


@pytest.fixture
def pushed(gated: Gated) -> Gated:
    """A repository with a store, and a commit with a secret on top."""
    gated.commit(".sot/sot.toml", "")
    bad = gated.bad_commit()
    gated.ungated("reset", "-q", "--hard", bad)
    return gated


def steps_of_action() -> list[dict[str, Any]]:
    """The steps, in order."""
    steps: list[dict[str, Any]] = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    return steps


def run(gated: Gated, **environment: str) -> tuple[int, str]:
    """Run the last step of the action."""
    steps = steps_of_action()
    given = {"RANGE": "", "FORMAT": "github", "OUTPUT": "", "BASE": "", "HEAD": "HEAD", **environment}
    assert set(given) == set(steps[-1]["env"])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = gated.run("bash", "-e", "-c", steps[-1]["run"], **given, PATH=path)
    return done.returncode, done.stdout + done.stderr


def test_the_action_installs_itself_and_asks_no_index_for_a_name(gated: Gated) -> None:
    action = yaml.safe_load(ACTION.read_text())
    assert action["inputs"]["version"]["default"] == ""
    assert installed(gated, "") == "-m|pip|install|--quiet|/actions/sotctl v1|"


def test_a_workflow_may_name_what_is_installed(gated: Gated) -> None:
    assert installed(gated, "sotctl==1.0") == "-m|pip|install|--quiet|sotctl==1.0|"


def test_a_push_is_held_against_the_commit_before_it(pushed: Gated) -> None:
    status, said = run(pushed, BASE=pushed.git("rev-parse", "HEAD~1"))
    assert (status, said.startswith("::error file=leak.txt,line=1,col=7,title=secret::")) == (1, True)
    assert run(pushed, BASE=pushed.git("rev-parse", "HEAD")) == (0, "no findings (0 files)\n")


def test_the_first_push_of_a_branch_is_held_against_everything(pushed: Gated) -> None:
    assert run(pushed, BASE="0" * 40)[0] == 1
    assert run(pushed, RANGE="HEAD~1")[0] == 0


def test_sarif_goes_into_a_file(pushed: Gated) -> None:
    assert run(pushed, FORMAT="sarif", OUTPUT="out.sarif") == (1, "")
    assert '"version": "2.1.0"' in (pushed.path / "out.sarif").read_text()
