"""The script of the GitHub action, run as a workflow would run it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import yaml

from gated import Gated

ACTION = Path(__file__).parent.parent.parent / "action.yml"


@pytest.fixture
def pushed(gated: Gated) -> Gated:
    """A repository with a store, and a commit with a secret on top."""
    gated.commit(".sot/sot.toml", "")
    bad = gated.bad_commit()
    gated.ungated("reset", "-q", "--hard", bad)
    return gated


def run(gated: Gated, **environment: str) -> tuple[int, str]:
    """Run the last step of the action."""
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    given = {"RANGE": "", "FORMAT": "github", "OUTPUT": "", "BASE": "", "HEAD": "HEAD", **environment}
    assert set(given) == set(steps[-1]["env"])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = gated.run("bash", "-e", "-c", steps[-1]["run"], **given, PATH=path)
    return done.returncode, done.stdout + done.stderr


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
