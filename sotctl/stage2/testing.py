"""Runs the harness's tests of both fixtures of a run once more."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sotctl.evidence import files
from sotctl.evidence.report import FixtureResult
from sotctl.stage2 import fixture
from sotctl.stage2.tasks import Task


def run_tests(folder: Path, task: Task) -> dict[str, FixtureResult]:
    """The tests of both fixtures of a run, in the sandbox."""
    with tempfile.TemporaryDirectory(prefix="sotctl-template-") as template, ThreadPoolExecutor(2) as pool:
        for path, text in task.files.items():
            (Path(template) / path).write_text(text, encoding="utf-8")
        before = pool.submit(fixture.tests_pass, task, Path(template), isolated=True)
        after = {
            name: pool.submit(fixture.tests_pass, task, folder / place, isolated=True)
            for name, place in (("real", files.REAL), ("fake", files.FAKE))
        }
        return {
            name: FixtureResult(passed_before=before.result(), passed_after=result.result())
            for name, result in after.items()
        }
