"""The focused validator: it passes on a gate that holds, and fails on one that does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sotctl
from sotctl.gate.trials import trials
from sotctl.store.store import utc_now


def validate(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sotctl", "validate", "case-provider", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        cwd=Path.cwd().anchor,  # `-m` would import the package of the working directory
    )


@pytest.mark.slow
def test_every_trial_ends_as_it_must_and_one_process_alone_is_started() -> None:
    done = validate("--json")
    said = json.loads(done.stdout)
    count = len(trials(utc_now()))
    assert (done.returncode, said["type"], said["status"]) == (0, "sotctl.validate-case-provider/v1", "pass")
    assert said["counted"] == {"trials": count, "right": count, "processes_started": 1}
    assert {trial["status"] for trial in said["trials"]} == {
        "admitted",
        "missing_admission",
        "invalid_admission",
        "not_admitted",
        "mismatch",
    }


@pytest.mark.slow
def test_it_needs_no_store_and_the_variables_of_the_caller_do_not_matter() -> None:
    done = validate(SOTCTL_REQUIRE_COMMITTED="1", CTO_HARNESS_CASE_MODEL="x", GIT_DIR="/nowhere")
    assert (done.returncode, "blocked before any process" in done.stdout) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "instead"),
    [
        ("or _mismatch(admission, provider, model)", "or None"),
        ("if not admission.is_in_force:", "if False:"),
        ("or _uncommitted(submission, require_committed)", "or None"),
    ],
)
def test_a_gate_with_a_check_taken_out_fails(tmp_path: Path, check: str, instead: str) -> None:
    package = Path(sotctl.__file__).parent
    shutil.copytree(package, tmp_path / "sotctl")
    shutil.copytree(package.parent / "templates", tmp_path / "templates")
    verdict = tmp_path / "sotctl/gate/verdict.py"
    assert check in verdict.read_text()
    verdict.write_text(verdict.read_text().replace(check, instead))
    done = validate("--json", PYTHONPATH=str(tmp_path))
    said = json.loads(done.stdout)
    assert (done.returncode, said["status"]) == (1, "fail")
    assert said["counted"]["processes_started"] > 1
