"""Everything that blocks a run, all at once: the gate first, then the other conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sotctl.documents.hosts import LOCAL_HOSTS, entry_for, is_local
from sotctl.evidence.report import Identity
from sotctl.gate.verdict import Status
from sotctl.stage2 import isolation
from sotctl.stage2.block import Block
from sotctl.stage2.credential import Credential
from sotctl.stage2.launch import Launch, LaunchError, identify, resolve, too_wide
from sotctl.stage2.request import RunRequest
from sotctl.stage2.wires import Wire, wires

INSTALL_BWRAP = "install bubblewrap (apt install bubblewrap), or run with --no-isolation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What a run is started with, once nothing blocks it."""

    launch: Launch
    wire: Wire
    upstream: str
    credential: Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The result of the checks before the start; `cleared` is None if something blocks the run."""

    blocks: tuple[Block, ...]
    cleared: Cleared | None
    identity: Identity


def look(request: RunRequest) -> Preflight:
    """Find out everything that blocks a run."""
    verdict = request.verdict
    blocks: list[Block] = []
    if verdict.status is not Status.ADMITTED:
        gate = Block(reason=verdict.reason, message=verdict.message, next=verdict.next, status=str(verdict.status))
        blocks.append(gate)
    launch: Launch | None = None
    identity = Identity(name=request.agent.id)
    try:
        launch = resolve(request.launcher or (request.agent.program,))
        identity = identify(request.agent.id, launch)
        blocks += _launch(request, launch)
    except LaunchError as error:
        blocks.append(replace(error.block, next=_launcher_hint(request)))
    provider = request.pair[0]
    name = request.agent.wire(provider)
    wire = wires()[name] if name is not None else None
    upstream = request.upstream or (wire.public_address(provider) if wire else "")
    if verdict.admission is not None:
        if wire is None:
            message = f"{request.agent.id} cannot reach {provider} through the recorder"
            next_ = "choose another --backend"
            blocks.append(Block(reason="provider-unreachable-by-backend", message=message, next=next_))
        blocks += _network(request, upstream)
        blocks += _credential(request, verdict.admission.text("credential_source_class"))
    if request.isolated and (why := isolation.unavailable()):
        message = f"there is no sandbox here: {why}"
        blocks.append(Block(reason="isolation-unavailable", message=message, next=INSTALL_BWRAP))
    cleared = None
    if not blocks and launch and wire and request.credential:
        cleared = Cleared(launch=launch, wire=wire, upstream=upstream, credential=request.credential)
    return Preflight(blocks=tuple(blocks), cleared=cleared, identity=identity)


def _launch(request: RunRequest, launch: Launch) -> Iterator[Block]:
    if request.isolated and (place := too_wide(launch, request.private)):
        message = f"the program would have to read {place}, which holds what it must not see"
        yield Block(reason="launcher-too-wide", message=message, next="move the program into a folder of its own")


def _launcher_hint(request: RunRequest) -> str:
    """The form of the command that works."""
    agent = request.agent
    if agent.program and not request.launcher:
        return agent.launcher
    backend = "" if agent.id == "case" else f" --backend {agent.id}"
    command = f"sotctl stage2 run --task {request.task.id} --runs-dir {request.run_dir.parent}{backend}"
    return f"{command} -- {agent.program or agent.launcher}"


def _network(request: RunRequest, upstream: str) -> Iterator[Block]:
    """Whether the provider may be reached at all, and the credential sent there."""
    if not request.hosts:
        message = f"the network class {request.network_class} names no host in `[networks]` of sot.toml"
        next_ = f'name its hosts in sot.toml, and commit it: [networks] {request.network_class} = ["HOST"]'
        yield Block(reason="network-class-unknown", message=message, next=next_)
        return
    parts = urlsplit(upstream)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if upstream and entry_for(request.hosts, host, port) is None:
        message = f"{host} is not a host of the network class {request.network_class}"
        next_ = f"give --upstream with one of: {', '.join(request.hosts)}"
        yield Block(reason="host-not-allowed", message=message, next=next_)
    has_credential = request.credential is not None and request.credential.kind != "none"
    is_own = is_local(host, ()) or entry_for(request.local_hosts, host, port) is not None
    if parts.scheme == "http" and has_credential and not is_own:
        message = f"the credential would be sent to {host} over plain http, and anybody on the way could read it"
        next_ = f"give --upstream with https, or name a host of your own under [networks] {LOCAL_HOSTS} in sot.toml"
        yield Block(reason="upstream-not-encrypted", message=message, next=next_)


def _credential(request: RunRequest, source_class: str) -> Iterator[Block]:
    if request.credential is None:
        message = f"nothing says where the credential of class {source_class} is kept"
        commit = f'commit in sot.toml: [credentials] {source_class} = "SOURCE"'
        next_ = f"give --credential SOURCE (env:NAME, pi, codex or none), or {commit}"
        yield Block(reason="credential-source-unknown", message=message, next=next_)
    elif block := request.credential.block(datetime.now(UTC)):
        yield block
