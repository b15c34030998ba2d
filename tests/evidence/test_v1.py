"""Runs that were reported in the first format verify as they did, and are not recorded any more."""

from __future__ import annotations

import os
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


@pytest.mark.parametrize(
    ("path", "old", "new", "reason"),
    [
        ("backend/case.stderr", b"/fixture/real", b"/../../elsewhere", "spawn-outside"),
        ("backend/case.stderr", b'"cwd":', b'"folder":', "spawn-outside"),
        ("backend/case.stderr", b'"model":', b'"model": "other", "was":', "other-pair-spawned"),
        ("backend/requests.jsonl", b'"requested_model": "', b'"requested_model": "x', "other-model-requested"),
        ("backend/requests.jsonl", b"127.0.0.1", b"203.0.113.7", "host-not-allowed"),
        ("backend/events.jsonl", b'"completed"', b'"failed"', "phase-not-completed"),
        ("case-data/config.json", b'"default"', b'"defaults"', "case-config-override"),
        ("case-data/projects.json", b"/fixture/real", b"/elsewhere", "manifest-changed"),
        ("pi/models.json", b"127.0.0.1", b"203.0.113.7", "provider-entry-changed"),
        ("fixture/real/slugify.py", b"lower()", b"upper()", "tests-failed"),
    ],
)
def test_the_problems_of_such_a_run_are_found_again(runs: Path, path: str, old: bytes, new: bytes, reason: str) -> None:
    file = runs / PASSED / path
    assert old in file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(file.read_bytes().replace(old, new))
    found = [finding.message for finding in verify_directory(runs / PASSED).findings]
    assert any("the problems of the run are" in message and reason in message for message in found), found


def test_a_pipe_in_such_a_run_is_found(runs: Path) -> None:
    os.mkfifo(runs / PASSED / "home/pipe")
    assert "evidence-odd-file" in {finding.rule.id for finding in verify_directory(runs / PASSED).findings}
