"""Everything that blocks a run, all at once: the gate first, then the other conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sotctl.documents.hosts import LOCAL_HOSTS, entry_for, is_local
from sotctl.evidence.files import Problem
from sotctl.evidence.report import Identity
from sotctl.gate.verdict import Status
from sotctl.stage2 import isolation
from sotctl.stage2.launch import Launch, LaunchError, identify, resolve, too_wide
from sotctl.stage2.request import RunRequest
from sotctl.stage2.wires import Wire, wires

INSTALL_BWRAP = "install bubblewrap (apt install bubblewrap), or run with --no-isolation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why no process is started, and the command that helps."""

    problem: Problem
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What a run is started with, once nothing blocks it."""

    launch: Launch
    wire: Wire
    upstream: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The result of the checks before the start; `cleared` is None if something blocks the run."""

    blocks: tuple[Block, ...]
    cleared: Cleared | None
    identity: Identity


def look(request: RunRequest) -> Preflight:
    """Find out everything that blocks a run."""
    blocks = list(_gate(request))
    launch: Launch | None = None
    identity = Identity(name=request.agent.id)
    try:
        launch = resolve(request.launcher or (request.agent.program,))
        identity = identify(request.agent.id, launch)
        blocks += _launch(request, launch)
    except LaunchError as error:
        blocks.append(Block(problem=error.problem, next=error.next or launcher_hint(request)))
    wire = _wire(request)
    if request.verdict.admission is not None:
        blocks += _reach(request, wire)
        blocks += _credential(request)
    if request.isolated and (why := isolation.unavailable()):
        blocks.append(_block("isolation-unavailable", f"there is no sandbox here: {why}", INSTALL_BWRAP))
    cleared = None
    if not blocks and launch is not None and wire is not None:
        upstream = request.upstream or wire.public_address(request.pair[0])
        cleared = Cleared(launch=launch, wire=wire, upstream=upstream)
    return Preflight(blocks=tuple(blocks), cleared=cleared, identity=identity)


def _block(reason: str, message: str, next_: str, status: str = Status.ADMITTED) -> Block:
    return Block(problem=Problem(reason=reason, message=message, status=str(status)), next=next_)


def _gate(request: RunRequest) -> Iterator[Block]:
    verdict = request.verdict
    if verdict.status is not Status.ADMITTED:
        yield _block(verdict.reason, verdict.message, verdict.next, verdict.status)


def _launch(request: RunRequest, launch: Launch) -> Iterator[Block]:
    if request.isolated and (place := too_wide(launch, request.private)):
        message = f"the program would have to read {place}, which holds what it must not see"
        yield _block("launcher-too-wide", message, "move the program into a folder of its own")


def launcher_hint(request: RunRequest) -> str:
    """The form of the command that works."""
    agent = request.agent
    if agent.program and not request.launcher:
        return agent.launcher
    launcher = f" -- {agent.launcher}" if not agent.program else f" -- {agent.program}"
    backend = "" if agent.id == "case" else f" --backend {agent.id}"
    return f"sotctl stage2 run --task {request.task.id} --runs-dir {request.run_dir.parent}{backend}{launcher}"


def _wire(request: RunRequest) -> Wire | None:
    name = request.agent.wire(request.pair[0])
    return wires()[name] if name is not None else None


def _reach(request: RunRequest, wire: Wire | None) -> Iterator[Block]:
    provider = request.pair[0]
    if wire is None:
        message = f"{request.agent.id} cannot reach {provider} through the recorder"
        yield _block("provider-unreachable-by-backend", message, "choose another --backend")
    if not request.hosts:
        message = f"the network class {request.network_class} names no host in `[networks]` of sot.toml"
        next_ = f'name its hosts in sot.toml, and commit it: [networks] {request.network_class} = ["HOST"]'
        yield _block("network-class-unknown", message, next_)
        return
    upstream = request.upstream or (wire.public_address(provider) if wire else "")
    parts = urlsplit(upstream)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if upstream and entry_for(request.hosts, host, port) is None:
        message = f"{host} is not a host of the network class {request.network_class}"
        yield _block("host-not-allowed", message, f"give --upstream with one of: {', '.join(request.hosts)}")
    has_credential = request.credential is not None and request.credential.kind != "none"
    own = is_local(host, ()) or entry_for(request.local_hosts, host, port) is not None
    if parts.scheme == "http" and has_credential and not own:
        message = f"the credential would be sent to {host} over plain http, and anybody on the way could read it"
        next_ = f"give --upstream with https, or name a host of your own under [networks] {LOCAL_HOSTS} in sot.toml"
        yield _block("upstream-not-encrypted", message, next_)


def _credential(request: RunRequest) -> Iterator[Block]:
    verdict = request.verdict
    name = verdict.admission.text("credential_source_class") if verdict.admission else ""
    if request.credential is None:
        message = f"nothing says where the credential of class {name} is kept"
        commit = f'commit in sot.toml: [credentials] {name} = "SOURCE"'
        next_ = f"give --credential SOURCE (env:NAME, pi, codex or none), or {commit}"
        yield _block("credential-source-unknown", message, next_)
    elif problem := request.credential.problem(datetime.now(UTC)):
        yield _block(problem.reason, problem.message, problem.next)
