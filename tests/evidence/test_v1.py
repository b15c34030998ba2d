"""Runs that were reported in the first format verify as they did, and are not recorded any more."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from sotctl.stage2.verification import verify_directory

RUNS = Path(__file__).parents[1] / "data/stage2-v1-runs.tar.gz"
PASSED, FAILED = "20261126T135032Z-r1-string-slugify-21106", "20261126T135033Z-r1-string-slugify-21226"
pytestmark = pytest.mark.needs("bwrap")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Both runs, as the first format left them."""
    with tarfile.open(RUNS) as archive:
        archive.extractall(tmp_path, filter="fully_trusted")
    return tmp_path


@pytest.mark.parametrize(("name", "is_pass"), [(PASSED, True), (FAILED, False)])
def test_a_run_of_the_first_format_verifies(runs: Path, name: str, is_pass: bool) -> None:
    found = verify_directory(runs / name)
    assert ([finding.message for finding in found.findings], found.is_pass) == ([], is_pass)
    assert (found.report, found.type, found.tests_were_run) == (None, "sotctl.stage2-report/v1", True)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("backend/requests.jsonl", "evidence-artifact-changed"),
        ("report.json", "evidence-report-broken"),
        ("trace.jsonl", "evidence-trace-broken"),
    ],
)
def test_an_edit_of_such_a_run_is_found(runs: Path, path: str, rule: str) -> None:
    file = runs / PASSED / path
    file.write_bytes(file.read_bytes()[:-20] + b"\n")
    assert rule in {finding.rule.id for finding in verify_directory(runs / PASSED).findings}


def test_a_pipe_in_such_a_run_is_found(runs: Path) -> None:
    import os

    os.mkfifo(runs / PASSED / "home/pipe")
    assert "evidence-odd-file" in {finding.rule.id for finding in verify_directory(runs / PASSED).findings}
