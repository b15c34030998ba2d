"""The working part of a run: recorder, sandbox, process, and their files."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sotctl import variables
from sotctl.digests import sha256
from sotctl.documents.quote import counted
from sotctl.evidence import files
from sotctl.evidence.report import Ended
from sotctl.evidence.requests import RecordedRequest
from sotctl.stage2 import environment, isolation
from sotctl.stage2.preflight import Cleared
from sotctl.stage2.process import StartError, Stream, start, supervise
from sotctl.stage2.recorder import Recorder, requests_bytes
from sotctl.stage2.rundir import DiskRun, remove_folder, remove_odd_files, write_new
from sotctl.stage2.state import State


async def work(state: State, cleared: Cleared, stop: asyncio.Event) -> bool:
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
        await _run(state, cleared, streams, stop)
    except StartError as error:
        state.found("backend-not-started", f"the program could not be started: {error}")
    finally:
        for kind, stream in streams.items():
            stream.close()
            state.digests[files.stream(name, kind)] = stream.sha256
    ended = state.ended or Ended(ended_by="backend-not-started")
    state.step("case_process_exited", exit_status=ended.exit_status, reason=ended.ended_by)
    return state.ended is not None


async def _run(state: State, cleared: Cleared, streams: Mapping[str, Stream], stop: asyncio.Event) -> None:
    """Start the program, and serve it on a socket in the sandbox's own network; without one on the machine's loopback.

    What the program asks before the recorder serves waits in the socket.
    """
    request = state.request
    recorder = _recorder(state, cleared, streams[request.agent.log])
    with contextlib.ExitStack() as held:
        own = None if request.isolated else held.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = own.getsockname()[1] if own else isolation.PORT
        _configure(state, cleared, f"http://127.0.0.1:{port}{recorder.base_path}")
        started = start(
            state.argv,
            wrap=list if own else functools.partial(_in_sandbox, state, cleared),
            port=0 if own else port,
            cwd=_cwd(state) if own else Path("/"),
            environment=state.environment,
            **streams,
        )
        listener = own or started.listener
        assert listener is not None
        async with recorder.serve(listener):
            state.ended = await supervise(
                started, run_dir=request.run_dir, timeout_s=request.timeout_s, stop=stop, **streams
            )
    state.records = recorder.records


def _in_sandbox(state: State, cleared: Cleared, words: Sequence[str]) -> Sequence[str]:
    folder = str(state.request.run_dir)
    own = ("home", "tmp", files.REAL, *state.request.agent.folders)
    return isolation.command(
        words,
        cwd=str(_cwd(state)),
        writable=[f"{folder}/{name}" for name in own],
        readable=[*cleared.launch.folders(), f"{folder}/{files.ADMISSION}"],
    )


def _recorder(state: State, cleared: Cleared, log: Stream) -> Recorder:
    request = state.request
    provider, model = request.pair

    def agent() -> str:
        log.drain()  # the line that names the agent was written before the agent could ask
        return state.agent

    def on_record(record: RecordedRequest) -> None:
        request.progress("request", {"agent": record.agent, "requests": record.seq})

    return Recorder(
        upstream=cleared.upstream,
        wire=cleared.wire,
        provider=provider,
        model=model,
        hosts=request.hosts,
        credential=cleared.credential,
        agent=agent,
        on_record=on_record,
    )


def _cwd(state: State) -> Path:
    return state.request.run_dir / (files.REAL if state.request.agent.works_in_fixture else "home")


def _configure(state: State, cleared: Cleared, base_url: str) -> None:
    """Write what the program reads, and work out its command and its environment."""
    request, agent = state.request, state.request.agent
    state.setting = setting = dataclasses.replace(state.setting, base_url=base_url)
    for path, data in {**agent.files(setting), **agent.task_files(setting)}.items():
        (request.run_dir / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(request.run_dir, path, data)
    state.step("case_config_written", provider=setting.provider, model=setting.model)
    launch = cleared.launch
    state.argv = launch.argv(agent.options(setting, launch.runtime), agent.arguments(setting))
    own = {**agent.environment(setting, cleared.credential.stand_in()), **_gate(state)}
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
    asked = requests_bytes(state.records, request.exact)
    write_new(request.run_dir, files.REQUESTS, asked)
    state.digests[files.REQUESTS] = sha256(asked)
    write_new(request.run_dir, files.EVENTS, request.agent.event_log(request.run_dir, request.task) or b"")
    on_disk = DiskRun(request.run_dir)
    state.digests[files.TRACE] = state.trace.sha256
    for name, digest in state.digests.items():
        if files.digest_of(on_disk, name) != digest:
            state.found("recording-changed", f"{name} is not what sotctl wrote")
    state.problems += _exit_problems(state)


def _exit_problems(state: State) -> Sequence[files.Problem]:
    ended = state.ended
    if ended is None or ended.exit_status is None:
        return []
    said = {
        "timeout": f"the program did not end within {state.request.timeout_s:g} seconds",
        "interrupted": "the run was interrupted",
        "disk-quota": "the run directory grew too large",
        "process-quota": "the program started too many processes",
    }
    known = {problem.reason for problem in state.problems}
    found = []
    if ended.ended_by and "recording-failed" not in known:
        found.append(files.Problem(reason=ended.ended_by, message=said[ended.ended_by]))
    if ended.dropped_bytes:
        message = f"{counted(ended.dropped_bytes, 'byte')} of output did not fit and could not be kept"
        found.append(files.Problem(reason="output-truncated", message=message))
    if ended.exit_status < 0 and not ended.ended_by:
        message = f"the program died by signal {-ended.exit_status}"
        found.append(files.Problem(reason="killed-by-signal", message=message))
    return found
