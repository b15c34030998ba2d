"""Does again what verifying a run needs done: the harness's tests in a copy, and the scan."""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sotctl.evidence import files
from sotctl.evidence.judge import NOT_RUN, FixtureResult
from sotctl.evidence.verify import Recomputed, Verified, verify
from sotctl.stage2 import fixture
from sotctl.stage2.backends import backends
from sotctl.stage2.rundir import DiskRun
from sotctl.stage2.scan import scan_run


def verify_directory(folder: Path) -> Verified:
    """Verify a run directory; of a report that names no known task or backend, `verify` says so."""
    on_disk = DiskRun(folder)
    said = _said(on_disk)
    task = fixture.TASKS.get(str(said.get("task_id")), fixture.TASKS["string-slugify"])
    known = backends()
    backend = known.get(str(said.get("backend")), known["case"])
    ran = on_disk.read(files.CONFIG) is not None
    with ThreadPoolExecutor(max_workers=1) as beside:  # the tests are processes of their own: scan meanwhile
        tests = beside.submit(_tests, task, folder) if ran else None  # a blocked run has no fixtures
        scan = scan_run(on_disk, (), ()).to_json()
    recomputed = Recomputed(
        backend=backend.id,
        task_id=task.id,
        tests=tests.result() if tests else {"real": NOT_RUN, "fake": NOT_RUN},
        scan=scan,
        task_sha256=task.sha256,
        tree_sha256=task.tree_sha256,
        projects=lambda run_dir: backend.projects(run_dir, task),
    )
    return verify(on_disk, folder.name, recomputed)


def _tests(task: fixture.Task, folder: Path) -> dict[str, FixtureResult]:
    """The tests of both fixtures: before on the template they were made from, after on what lies there now."""
    with tempfile.TemporaryDirectory(prefix="sotctl-template-") as template:
        for path, text in task.files.items():
            (Path(template) / path).write_text(text, encoding="utf-8")
        before = fixture.tests_pass(task, Path(template))
    return {
        name: FixtureResult(before=before, after=fixture.tests_pass(task, folder / place))
        for name, place in (("real", files.REAL), ("fake", files.FAKE))
    }


def _said(on_disk: DiskRun) -> dict[str, Any]:
    """What the report says, where it can be read at all."""
    try:
        values = json.loads(on_disk.read(files.REPORT) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
