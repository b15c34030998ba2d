"""One Stage 2 run, from the admission to the report."""

from __future__ import annotations

import asyncio
import shutil
import signal
from pathlib import Path

from sotctl.errors import SotError
from sotctl.evidence import files
from sotctl.evidence.report import FixtureResult, Identity, Report
from sotctl.gate.verdict import block_text
from sotctl.stage2 import fixture, isolation, preflight, working, writing
from sotctl.stage2.agents import Setting
from sotctl.stage2.preflight import Cleared, Preflight
from sotctl.stage2.request import RunRequest
from sotctl.stage2.rundir import write_new
from sotctl.stage2.scan import is_clean
from sotctl.stage2.state import State
from sotctl.stage2.trace import Trace


def run(request: RunRequest) -> Report:
    """Run it, and return the report, which is always written.

    Raises:
        SotError: The disk is full, or a file of the run could not be written.
    """
    try:
        trace = Trace(request.run_dir / files.TRACE, request.run_id)
        try:
            state = _begin(request, trace)
            if state.preflight.cleared is not None:
                try:
                    _run_admitted(state, state.preflight.cleared)
                except KeyboardInterrupt:
                    state.found("interrupted", "the run was interrupted")
            return writing.write(state)
        finally:
            trace.close()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise SotError(f"the run could not be recorded: {place}{error.strerror or error}") from error


def _begin(request: RunRequest, trace: Trace) -> State:
    """Check everything that must hold before the start."""
    provider, model = request.pair
    setting = Setting(run_dir=str(request.run_dir), task=request.task, provider=provider, model=model, base_url="")
    nothing = Preflight(blocks=(), cleared=None, identity=Identity(name=request.agent.id))
    state = State(request=request, trace=trace, preflight=nothing, setting=setting)
    state.step("run_started", task_id=request.task.id, task_sha256=request.task.sha256)
    data = request.verdict.submission.data
    if data is not None and is_clean(data, request.exact):
        write_new(request.run_dir, files.ADMISSION, data)
    state.step("admission_loaded", admission_sha256=request.verdict.sha256)
    state.preflight = preflight.look(request)
    blocks = state.preflight.blocks
    first = blocks[0] if blocks else None
    status, reason = (first.status, first.reason) if first else (str(request.verdict.status), request.verdict.reason)
    state.step("admission_checked", status=status, reason=reason)
    if first:
        text = block_text(status, reason, first.message, provider=provider, model=model)
        write_new(request.run_dir, files.BLOCK, text.encode("utf-8", "backslashreplace"))
        state.step("case_blocked", status=status, reason=reason)
    return state


def _run_admitted(state: State, cleared: Cleared) -> None:
    request = state.request
    _make_fixtures(state)
    started = asyncio.run(_with_backend(state, cleared))
    working.collect(state)
    real = request.run_dir / files.REAL
    after = _tests_pass(state, real) if started else None
    before = state.tests["real"].passed_before
    state.tests["real"] = FixtureResult(passed_before=before, passed_after=after)
    still = state.tests["fake"].passed_after and _tests_pass(state, request.run_dir / files.FAKE)
    state.tests["fake"] = FixtureResult(passed_before=before, passed_after=still)
    if request.reread() != request.verdict.submission.data:
        state.found("admission-changed", "the admission was changed during the run")


def _make_fixtures(state: State) -> None:
    task, folder = state.request.task, state.request.run_dir
    real, fake = folder / files.REAL, folder / files.FAKE
    fixture.make(task, real)
    shutil.copytree(real, fake)
    state.step("fixture_created", tree_sha256=task.tree_sha256)
    before = _tests_pass(state, real)
    fixture.solve(task, fake)
    state.tests["fake"] = FixtureResult(passed_before=before, passed_after=_tests_pass(state, fake))
    state.tests["real"] = FixtureResult(passed_before=before, passed_after=None)
    state.step("fake_baseline_finished", passed=state.tests["fake"].passed_after, requests=0)


def _tests_pass(state: State, folder: Path) -> bool:
    """Run the harness's tests: in the sandbox where there is one, also in a run without isolation."""
    isolated = state.request.isolated or not isolation.unavailable()
    return fixture.tests_pass(state.request.task, folder, isolated=isolated)


async def _with_backend(state: State, cleared: Cleared) -> bool:
    """Run the program behind the recorder; False when it could not be started."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.set_exception_handler(lambda _, context: working.lost(state, stop, context))
    return await working.work(state, cleared, stop)
