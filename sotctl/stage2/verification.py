"""Repeats the harness's tests, in a copy in the sandbox, and the scan, to verify a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sotctl.evidence import files
from sotctl.evidence.report import BLOCKED, NOT_RUN, FixtureResult, Report, Scan, decode
from sotctl.evidence.values import ShapeError
from sotctl.evidence.verify import Verified, broken, verify
from sotctl.stage2 import isolation
from sotctl.stage2.agents import Setting, agents
from sotctl.stage2.facts import facts_of
from sotctl.stage2.fixture import run_tests
from sotctl.stage2.rundir import DiskRun
from sotctl.stage2.scan import HANDED_ON, UNREADABLE, scan_run
from sotctl.stage2.tasks import TASKS, Task


def verify_directory(folder: Path) -> Verified:
    """Verify a run directory."""
    on_disk, name = DiskRun(folder), folder.name
    data = on_disk.read(files.REPORT)
    if data is None:
        return broken(data, "there is no report", name)
    if older := _older(data):
        return older(folder, data)
    try:
        report = decode(data)
    except ShapeError as error:
        return broken(data, f"the report is not as sotctl writes one: `{error.place}`", name)
    task, agent = TASKS.get(report.task_id), agents().get(report.backend.name)
    if task is None or agent is None:
        return broken(data, "the report names a task or a backend that is not known here", name)
    tests, tests_were_run = tests_again(folder, report, task)
    setting = Setting(
        run_dir=report.run_directory,
        task=task,
        provider=report.case_model_provider or "",
        model=report.case_model or "",
        base_url=report.network.recorder,
    )
    scan = _scan(on_disk, report)
    facts = facts_of(on_disk, agent, setting, tests, scan, blocked=report.result == BLOCKED)
    now = datetime.now(UTC)
    return verify(on_disk, name, data, report, facts, tests_were_run=tests_were_run, now=now)


def _older(data: bytes) -> Callable[[Path, bytes], Verified] | None:
    """What verifies a report of an earlier format; None for one of today's.

    A backend that wrote such reports has a mapping `older`: by their `type`, the function that verifies a run.
    """
    try:
        values = json.loads(data)
        type_, backend = str(values.get("type")), str(values.get("backend"))
    except (ValueError, AttributeError, RecursionError):
        return None
    agent = agents().get(backend)
    found: Callable[[Path, bytes], Verified] | None = getattr(agent, "older", {}).get(type_)
    return found


def tests_again(folder: Path, report: Report, task: Task) -> tuple[Mapping[str, FixtureResult], bool]:
    """The tests of both fixtures, and whether they were run: before on the template, after on the present files.

    They run code that a model wrote. Without a sandbox they are not run, and the report's results are returned.
    """
    said = {"real": report.baseline.real, "fake": report.baseline.fake}
    if report.result == BLOCKED:
        return {"real": NOT_RUN, "fake": NOT_RUN}, True
    if isolation.unavailable():
        return said, False
    found = run_tests(folder, task)
    if said["real"].passed_after is None:  # the program could not be started
        found["real"] = replace(found["real"], passed_after=None)
    return found, True


def _scan(on_disk: DiskRun, report: Report) -> Scan:
    """The findings of a new scan; those that only the run could make are taken from the report."""
    if report.result == BLOCKED:
        return Scan()
    again, said = scan_run(on_disk, report.command, ()), report.secret_scan
    once = (HANDED_ON, UNREADABLE)
    found = [finding for finding in again.findings if finding.rule != UNREADABLE]
    same = found == [finding for finding in said.findings if finding.rule not in once]
    return replace(again, findings=said.findings) if same else again
