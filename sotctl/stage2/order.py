"""What a run is asked to do, and what may keep it from being started."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sotctl.errors import UsageError
from sotctl.gate.verdict import Status, Verdict
from sotctl.stage2 import environment
from sotctl.stage2.backends import Backend
from sotctl.stage2.fixture import Task

_UPSTREAM = "write it as http://127.0.0.1:8000/v1"
FEWEST_EXACT_BYTES = 6
Progress = Callable[[str, Mapping[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One run: everything that comes from outside is here.

    Args:
        hosts: The hosts of the admitted network class; None where the configuration does not know the class.
        reread: Reads the admission file once more, at the end.
    """

    backend: Backend
    task: Task
    command: Sequence[str]
    run_dir: Path
    verdict: Verdict
    upstream: str
    hosts: tuple[str, ...] | None
    pass_env: Sequence[str]
    inherited: Mapping[str, str]
    timeout_s: float
    isolate: bool
    reread: Callable[[], bytes | None]
    progress: Progress

    @property
    def run_id(self) -> str:
        """The name of the run."""
        return self.run_dir.name

    @property
    def pair(self) -> tuple[str, str]:
        """The admitted pair; what was requested where there is no admission."""
        return self.verdict.admission.pair if self.verdict.admission else (self.verdict.provider, self.verdict.model)

    @property
    def exact(self) -> list[bytes]:
        """The values that are handed on, which nothing of the run may hold; shorter ones stand everywhere."""
        values = (self.inherited.get(name, "").encode("utf-8", "surrogateescape") for name in self.pass_env)
        return [value for value in values if len(value) >= FEWEST_EXACT_BYTES]


def require_upstream(url: str) -> str:
    """A base URL that requests can be sent to, as it was given.

    Raises:
        UsageError: It is none; what it says is not repeated, since a user or a query could be a secret.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("the upstream is no URL", hint=_UPSTREAM) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError("the upstream is no http or https URL with a host", hint=_UPSTREAM)
    if parts.username is not None or parts.password is not None or "?" in url or "#" in url:
        raise UsageError("the upstream may have no user, no query and no fragment", hint=_UPSTREAM)
    if not re.fullmatch(r"[!-~]+", url):
        raise UsageError("the upstream holds a space, or a character that is not ASCII", hint=_UPSTREAM)
    return url


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why no process is started."""

    status: str
    reason: str
    message: str


def blocks_of(order: Order) -> Iterator[Block]:
    """Everything that blocks a run, so that it is told at once: first the gate, then what was asked for besides."""
    verdict = order.verdict
    if verdict.status is not Status.ADMITTED:
        yield Block(status=verdict.status, reason=verdict.reason, message=verdict.message)
    if problem := order.backend.argv_problem(order.command):
        yield Block(status=Status.MISMATCH, reason="argv-not-allowed", message=problem)
    if name := environment.forbidden(order.pass_env):
        message = f"--pass-env {name} would change what the backend reads or whom it reaches"
        yield Block(status=Status.MISMATCH, reason="environment-not-allowed", message=message)
    network = verdict.admission.text("allowed_network_class") if verdict.admission else ""
    if network and not order.hosts:
        message = f"the network class {network} names no host in `[networks]` of sot.toml"
        yield Block(status=Status.ADMITTED, reason="network-class-unknown", message=message)
    if not order.upstream:
        message = "no upstream is given, and models.json names none for the admitted provider"
        yield Block(status=Status.ADMITTED, reason="upstream-missing", message=message)
    elif order.hosts and (host := urlsplit(order.upstream).hostname or "") not in order.hosts:
        message = f"{host or 'the upstream'} is not a host of the network class {network}"
        yield Block(status=Status.ADMITTED, reason="host-not-allowed", message=message)
