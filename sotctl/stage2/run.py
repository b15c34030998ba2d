"""One Stage 2 run, from the admission to the report."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sotctl import variables
from sotctl.digests import sha256
from sotctl.documents.quote import counted
from sotctl.errors import SotError
from sotctl.evidence import files
from sotctl.evidence.case_log import log_line, spawn_of
from sotctl.evidence.files import Problem
from sotctl.evidence.judge import FixtureResult, in_weight, problems, read_use
from sotctl.evidence.requests import NEUTRAL, RecordedRequest
from sotctl.gate.verdict import block_text
from sotctl.stage2 import baseline, environment, fixture, report
from sotctl.stage2.order import Order, blocks_of
from sotctl.stage2.process import Stream, supervise
from sotctl.stage2.rundir import DiskRun
from sotctl.stage2.scan import is_clean, scan_run, withheld
from sotctl.stage2.state import State
from sotctl.stage2.trace import Trace


def run(order: Order) -> dict[str, Any]:
    """Run it, and return the report, which is written however the run ends.

    Raises:
        SotError: The disk is full, or the run directory is gone.
    """
    try:
        trace = Trace(order.run_dir / files.TRACE, order.run_id)
        try:
            state = State(order=order, trace=trace)
            _begin(state)
            if state.block is None:
                try:
                    _run_admitted(state)
                except KeyboardInterrupt:
                    state.problems.insert(0, Problem(reason="interrupted", message="the run was interrupted"))
            return report.write(state)
        finally:
            trace.close()
    except OSError as error:
        raise SotError(f"the run could not be recorded: {error.strerror or error}") from error


def _begin(state: State) -> None:
    order = state.order
    verdict = order.verdict
    state.step("run_started", task_id=order.task.id, task_sha256=order.task.sha256)
    if verdict.submission.data is not None and is_clean(verdict.submission.data, order.exact):
        (order.run_dir / files.ADMISSION).write_bytes(verdict.submission.data)
    state.step("admission_loaded", admission_sha256=verdict.sha256)
    blocks = list(blocks_of(order))
    state.block = blocks[0] if blocks else None
    state.problems += [Problem(reason=block.reason, message=block.message) for block in blocks]
    status, reason = (state.block.status, state.block.reason) if state.block else (str(verdict.status), verdict.reason)
    state.step("admission_checked", status=str(status), reason=reason)
    if state.block:
        text = block_text(
            str(state.block.status),
            state.block.reason,
            state.block.message,
            provider=verdict.provider,
            model=verdict.model,
        )
        (order.run_dir / files.BLOCK).write_text(text, encoding="utf-8")
        state.step("case_blocked", status=str(state.block.status), reason=state.block.reason)


def _run_admitted(state: State) -> None:
    order = state.order
    folder = order.run_dir
    real, fake = folder / files.REAL, folder / files.FAKE
    fixture.make(order.task, real)
    shutil.copytree(real, fake)
    state.step("fixture_created", tree_sha256=order.task.tree_sha256)
    before = not (_same_files(order, real) and _same_files(order, fake)) or fixture.tests_pass(order.task, real)
    baseline.solve(order.task, fake)
    state.tests["fake"] = FixtureResult(before=before, after=fixture.tests_pass(order.task, fake))
    state.tests["real"] = FixtureResult(before=before, after=None)
    state.step("fake_baseline_finished", passed=state.tests["fake"].after, requests=0)
    started = asyncio.run(_with_backend(state))
    after = fixture.tests_pass(order.task, real) if started else None
    state.tests["real"] = FixtureResult(before=before, after=after)
    _judge(state)


def _same_files(order: Order, folder: Path) -> bool:
    return all((folder / path).read_text(encoding="utf-8") == text for path, text in order.task.files.items())


async def _with_backend(state: State) -> bool:
    """Put the backend to work behind the recorder; False when it could not be started."""
    from sotctl.stage2.credential import parse_credential
    from sotctl.stage2.recorder import Recorder
    from sotctl.stage2.wires import wires

    order, folder = state.order, state.order.run_dir
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.set_exception_handler(lambda _, context: _lost(state, stop, context))
    stdout = Stream(folder / files.STDOUT)
    stderr = Stream(folder / files.STDERR, lambda line: _heard(state, line))
    requests = os.open(folder / files.REQUESTS, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)

    def agent(_: str) -> str:
        stderr.drain()  # the line that names the agent was written before the agent could ask
        return state.agent

    def keep(record: RecordedRequest) -> None:
        if record.outcome in NEUTRAL:
            return
        values = record.to_json() | {
            "seq": state.requests + 1,
            "refused": None if record.is_answered else record.detail,
        }
        started_at = values.pop("started_at")  # the recorder's own, and new each time
        try:
            os.write(requests, json.dumps({**withheld(values, order.exact), "started_at": started_at}).encode() + b"\n")
        except OSError as error:
            _lost(state, stop, {"exception": error})
        state.requests += 1
        order.progress("request", {"agent": record.agent, "requests": state.requests})

    recorder = Recorder(
        upstream=order.upstream,
        wire=wires()["chat-completions"],
        provider=order.pair[0],
        model=order.pair[1],
        hosts=order.hosts or (),
        credential=parse_credential("none", provider=order.pair[0], environment={}, home=folder),
        agent=agent,
        on_record=keep,
    )
    try:
        async with recorder:
            _prepare(state, recorder.base_url)
            state.step("case_process_started", argv=list(state.argv))
            state.exit = await supervise(
                _isolated(order, state.argv),
                cwd=folder / "home",
                environment=state.environment,
                run_dir=folder,
                stdout=stdout,
                stderr=stderr,
                timeout_s=order.timeout_s,
                stop=stop,
            )
    except OSError as error:
        message = f"the command could not be started: {error.filename or state.argv[0]}: {error.strerror}"
        state.problems.append(Problem(reason="backend-not-started", message=message))
    finally:
        os.close(requests)
        stdout.close()
        stderr.close()
    status, reason = (state.exit.status, state.exit.reason) if state.exit else (None, "backend-not-started")
    state.step("case_process_exited", exit_status=status, reason=reason)
    return state.exit is not None


def _lost(state: State, stop: asyncio.Event, context: Mapping[str, Any]) -> None:
    """End a run of which something could not be recorded: what is not recorded is no evidence."""
    error = context.get("exception")
    reason = error.strerror if isinstance(error, OSError) else context.get("message") or type(error).__name__
    if not any(problem.reason == "recording-failed" for problem in state.problems):
        state.problems.append(Problem(reason="recording-failed", message=f"the run could not be recorded: {reason}"))
    stop.set()


def _prepare(state: State, base_url: str) -> None:
    order = state.order
    values = order.backend.prepare(order.run_dir, order.task, *order.pair, base_url)
    state.models_sha256 = sha256((order.run_dir / files.MODELS).read_bytes())
    state.step("case_config_written", provider=order.pair[0], model=order.pair[1])
    state.argv = [_filled(word, values) for word in order.command]
    gate = {
        variables.PROVIDER: order.pair[0],
        variables.MODEL: order.pair[1],
        variables.FILE: str(order.run_dir / files.ADMISSION),
    }
    state.environment = environment.build(order.run_dir, gate, order.pass_env, order.inherited)


def _filled(word: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", value)
    return word


def _isolated(order: Order, argv: Sequence[str]) -> list[str]:
    """The command inside bubblewrap, where that was asked for: it sees all and writes to the run directory alone."""
    if not order.isolate:
        return list(argv)
    program = shutil.which("bwrap")
    if program is None:
        raise SotError("bwrap is not installed", hint="install bubblewrap, or leave --isolate out")
    folder = str(order.run_dir)
    walls = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", folder, folder]
    return [program, *walls, "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--", *argv]


def _heard(state: State, line: bytes) -> None:
    """Take a line of stderr as it comes: it tells which agent is at work."""
    values = log_line(line)
    if spawn := spawn_of(values):
        state.agent = spawn.agent
        state.step("case_agent_spawned", agent=spawn.agent, provider=spawn.provider, model=spawn.model)
    elif values.get("msg") == "agent completed":
        state.order.progress("agent completed", {"agent": values.get("agent")})


def _judge(state: State) -> None:
    order, on_disk = state.order, DiskRun(state.order.run_dir)
    log = order.backend.event_log(order.run_dir, order.task)
    (order.run_dir / files.EVENTS).write_bytes(log or b"")
    state.use = read_use(on_disk, order.task.id)
    found = [*state.problems, *problems(on_disk, state.use, report.terms(state), state.tests), *_exit_problems(state)]
    if order.reread() != order.verdict.submission.data:
        found.append(Problem(reason="admission-changed", message="the admission was changed during the run"))
    state.problems = in_weight(iter(found))
    state.step("model_use_verified", passed=not any(problem.status for problem in state.problems))
    state.step("baseline_compared", real=state.tests["real"].after, fake=state.tests["fake"].after)
    state.scan = scan_run(on_disk, state.argv, order.exact)
    if state.scan.findings:
        held = counted(len(state.scan.findings), "secret")
        message = f"the run holds {held}: {state.scan.findings[0]['path']}"
        state.problems.insert(0, Problem(reason="secret-found", message=message))


def _exit_problems(state: State) -> list[Problem]:
    ended = state.exit
    if ended is None:
        return []
    said = {
        "timeout": f"the backend did not end within {state.order.timeout_s:g} seconds",
        "interrupted": "the run was interrupted",
        "disk-quota": "the run directory grew too large",
    }
    lost = any(problem.reason == "recording-failed" for problem in state.problems)
    found = [Problem(reason=ended.reason, message=said[ended.reason])] if ended.reason and not lost else []
    if ended.dropped_bytes:
        message = f"{counted(ended.dropped_bytes, 'byte')} of output did not fit and could not be kept"
        found.append(Problem(reason="output-truncated", message=message))
    if ended.status < 0 and not ended.reason:
        found.append(Problem(reason="killed-by-signal", message=f"the backend died by signal {-ended.status}"))
    return found
