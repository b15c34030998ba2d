"""The working part of a run: recorder, sandbox, process, and their files."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sotctl import variables
from sotctl.documents.quote import counted
from sotctl.evidence import files
from sotctl.evidence.requests import RecordedRequest
from sotctl.stage2 import environment, isolation
from sotctl.stage2.preflight import Cleared
from sotctl.stage2.process import Exit, Started, StartError, Stream, start, supervise
from sotctl.stage2.recorder import Recorder, write_requests
from sotctl.stage2.rundir import DiskRun, remove_folder, remove_odd_files, write_new
from sotctl.stage2.state import State


async def work(state: State, stop: asyncio.Event) -> bool:
    """Start the program, wait for its end, and keep the results; False when it could not be started."""
    request, name = state.request, state.request.agent.id
    streams = {
        kind: Stream(
            request.run_dir / files.stream(name, kind),
            (lambda line: _heard(state, line)) if kind == request.agent.log else None,
        )
        for kind in ("stdout", "stderr")
    }
    try:
        if request.isolated:
            await _in_sandbox(state, streams, stop)
        else:
            await _in_the_open(state, streams, stop)
    except StartError as error:
        state.found("backend-not-started", f"the program could not be started: {error}")
    finally:
        for kind, stream in streams.items():
            stream.close()
            state.digests[files.stream(name, kind)] = stream.sha256
    status, reason = (state.exit.status, state.exit.reason) if state.exit else (None, "backend-not-started")
    state.step("case_process_exited", exit_status=status, reason=reason)
    return state.exit is not None


async def _in_sandbox(state: State, streams: Mapping[str, Stream], stop: asyncio.Event) -> None:
    """The program's own network first, then the recorder on a socket inside of it."""
    recorder = _recorder(state, streams)
    _configure(state, f"http://127.0.0.1:{isolation.PORT}{recorder.base_path()}")
    request, launch = state.request, _cleared(state).launch
    folder = str(request.run_dir)
    own = ("home", "tmp", files.REAL, *request.agent.folders)

    def wrap(words: Sequence[str]) -> Sequence[str]:
        return isolation.command(
            words,
            cwd=str(_cwd(state)),
            writable=[f"{folder}/{name}" for name in own],
            readable=[*launch.folders(), f"{folder}/{files.ADMISSION}"],
        )

    started = start(
        state.argv,
        wrap=wrap,
        port=isolation.PORT,
        cwd=Path("/"),
        environment=state.environment,
        stdout=streams["stdout"],
        stderr=streams["stderr"],
    )
    if started.listener is not None:
        recorder.listen_on(started.listener)
    await _served(state, recorder, started, streams, stop)


async def _in_the_open(state: State, streams: Mapping[str, Stream], stop: asyncio.Event) -> None:
    """The recorder first, on the machine's own loopback, then the program."""
    recorder = _recorder(state, streams)
    async with recorder:
        _configure(state, recorder.base_url)
        started = start(
            state.argv,
            wrap=list,
            port=0,
            cwd=_cwd(state),
            environment=state.environment,
            stdout=streams["stdout"],
            stderr=streams["stderr"],
        )
        state.exit = await _supervised(state, started, streams, stop)
    state.records = recorder.records


async def _served(
    state: State, recorder: Recorder, started: Started, streams: Mapping[str, Stream], stop: asyncio.Event
) -> None:
    async with recorder:
        state.exit = await _supervised(state, started, streams, stop)
    state.records = recorder.records


async def _supervised(state: State, started: Started, streams: Mapping[str, Stream], stop: asyncio.Event) -> Exit:
    request = state.request
    return await supervise(
        started,
        run_dir=request.run_dir,
        stdout=streams["stdout"],
        stderr=streams["stderr"],
        timeout_s=request.timeout_s,
        stop=stop,
    )


def _recorder(state: State, streams: Mapping[str, Stream]) -> Recorder:
    request, cleared = state.request, _cleared(state)
    provider, model = request.pair
    log = streams[request.agent.log]

    def agent(_: str) -> str:
        log.drain()  # the line that names the agent was written before the agent could ask
        return state.agent

    def on_record(record: RecordedRequest) -> None:
        request.progress("request", {"agent": record.agent, "requests": record.seq})

    if request.credential is None:
        raise StartError("no credential is known")
    return Recorder(
        upstream=cleared.upstream,
        wire=cleared.wire,
        provider=provider,
        model=model,
        hosts=request.hosts,
        credential=request.credential,
        agent=agent,
        on_record=on_record,
    )


def _cleared(state: State) -> Cleared:
    if state.preflight.cleared is None:
        raise StartError("the run is blocked")
    return state.preflight.cleared


def _cwd(state: State) -> Path:
    return state.request.run_dir / (files.REAL if state.request.agent.works_in_fixture else "home")


def _configure(state: State, base_url: str) -> None:
    """Write what the program reads, and work out its command and its environment."""
    request, agent = state.request, state.request.agent
    state.setting = setting = dataclasses.replace(state.setting, base_url=base_url)
    for path, data in {**agent.files(setting), **agent.task_files(setting)}.items():
        (request.run_dir / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(request.run_dir, path, data)
    state.step("case_config_written", provider=setting.provider, model=setting.model)
    launch = _cleared(state).launch
    state.argv = launch.argv(agent.options(setting, launch.runtime), agent.arguments(setting))
    stand_in = request.credential.stand_in() if request.credential else ""
    own = {**agent.environment(setting, stand_in), **_gate(state)}
    path = isolation.paths(*({os.path.dirname(launch.runtime)} - {""})) if request.isolated else ""
    state.environment = environment.build(request.run_dir, path, own, request.inherited)
    if not agent.program_says_spawns:
        state.agent = agent.id
    state.step("case_process_started", argv=list(state.argv))
    if not agent.program_says_spawns:
        state.step("case_agent_spawned", agent=agent.id, provider=setting.provider, model=setting.model)


def _gate(state: State) -> dict[str, str]:
    """The variables of the gate as the program has them: its own copy of the admission."""
    provider, model = state.request.pair
    copy = str(state.request.run_dir / files.ADMISSION)
    return {variables.PROVIDER: provider, variables.MODEL: model, variables.FILE: copy}


def _heard(state: State, line: bytes) -> None:
    """Take a line of the program's log as it comes: it says which agent is at work."""
    if spawn := state.request.agent.spawned(line):
        state.agent = spawn.agent
        state.step("case_agent_spawned", agent=spawn.agent, provider=spawn.provider, model=spawn.model)


def lost(state: State, stop: asyncio.Event, context: Mapping[str, Any]) -> None:
    """End a run if recording fails."""
    error = context.get("exception")
    reason = error.strerror if isinstance(error, OSError) else context.get("message") or type(error).__name__
    if not any(problem.reason == "recording-failed" for problem in state.problems):
        state.found("recording-failed", f"the run could not be recorded: {reason}")
    stop.set()


def collect(state: State) -> None:
    """After the end of the program, write what was kept in memory, and compare the files on disk with it."""
    request = state.request
    remove_odd_files(request.run_dir)
    for lock in request.agent.locks:
        remove_folder(request.run_dir, lock)
    path = request.run_dir / files.REQUESTS
    state.digests[files.REQUESTS] = write_requests(str(path), state.records, request.exact)
    write_new(request.run_dir, files.EVENTS, request.agent.event_log(request.run_dir, request.task) or b"")
    on_disk = DiskRun(request.run_dir)
    state.digests[files.TRACE] = state.trace.sha256
    for name, digest in state.digests.items():
        if files.digest_of(on_disk, name) != digest:
            state.found("recording-changed", f"{name} is not what sotctl wrote")
    state.problems += _exit_problems(state)


def _exit_problems(state: State) -> Sequence[files.Problem]:
    ended = state.exit
    if ended is None:
        return []
    said = {
        "timeout": f"the program did not end within {state.request.timeout_s:g} seconds",
        "interrupted": "the run was interrupted",
        "disk-quota": "the run directory grew too large",
        "process-quota": "the program started too many processes",
    }
    known = {problem.reason for problem in state.problems}
    found = []
    if ended.reason and "recording-failed" not in known:
        found.append(files.Problem(reason=ended.reason, message=said[ended.reason]))
    if ended.dropped_bytes:
        message = f"{counted(ended.dropped_bytes, 'byte')} of output did not fit and could not be kept"
        found.append(files.Problem(reason="output-truncated", message=message))
    if ended.status < 0 and not ended.reason:
        message = f"the program died by signal {-ended.status}"
        found.append(files.Problem(reason="killed-by-signal", message=message))
    return found
