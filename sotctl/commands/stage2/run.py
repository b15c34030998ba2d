"""Run a backend under the gate, and record its requests to the model."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.hosts import LOCAL_HOSTS
from sotctl.documents.policy import Policy
from sotctl.documents.quote import counted, quote
from sotctl.errors import Command, UsageError
from sotctl.evidence.report import Report
from sotctl.evidence.values import to_json
from sotctl.findings import RejectedError
from sotctl.gate import command as gate
from sotctl.gate.admission_file import read_again, work_tree_root
from sotctl.gate.verdict import Verdict
from sotctl.report.terminal import cut, screen_columns
from sotctl.result import Result
from sotctl.stage2 import rundir
from sotctl.stage2.agents import Agent, agents
from sotctl.stage2.credential import Credential
from sotctl.stage2.credential_sources import parse_credential
from sotctl.stage2.request import RunRequest, require_upstream
from sotctl.stage2.run import run
from sotctl.stage2.tasks import require_task
from sotctl.stage2.wires import wires
from sotctl.store.store import utc_now


@verb(
    example="sotctl stage2 run --task string-slugify --runs-dir ~/runs -- bun ~/case/src/index.ts\n"
    "sotctl stage2 run --task string-slugify --runs-dir ~/runs --backend codex --credential codex",
    store=False,
)
@click.option("--task", required=True, metavar="NAME", help="The task, such as string-slugify.")
@click.option("--runs-dir", required=True, type=click.Path(path_type=Path), help="Where run directories are made.")
@click.option("--backend", default="case", metavar="NAME", help="The program's backend; default: case.")
@click.option("--credential", default="", metavar="SOURCE", help="env:NAME, pi[:FILE], codex[:FILE] or none.")
@click.option("--upstream", default="", metavar="URL", help="The provider's base URL; default: its public one.")
@click.option(
    "--timeout",
    "timeout_s",
    default=3600.0,
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    help="When a run is ended; default: 3600.",
)
@click.option("--no-isolation", is_flag=True, help="Run without a sandbox; the report then says what it does not show.")
@click.option("--isolate", is_flag=True, hidden=True)
@click.option("--admission-file", metavar="FILE", help="Default: the variable of the gate.")
@click.option("--provider", metavar="NAME", help="The requested provider; default: the variable of the gate.")
@click.option("--model", metavar="NAME", help="The requested model; default: the variable of the gate.")
@click.argument("launcher", nargs=-1, metavar="[-- LAUNCHER...]")
def command(
    app: App,
    task: str,
    runs_dir: Path,
    backend: str,
    credential: str,
    upstream: str,
    timeout_s: float,
    no_isolation: bool,
    isolate: bool,
    admission_file: str | None,
    provider: str | None,
    model: str | None,
    launcher: tuple[str, ...],
) -> Result:
    """Run the program that LAUNCHER starts, if the pair is admitted; the backend adds its arguments.

    Exits with 0 for a pass, 1 for blocked and fail, 130 when it was interrupted.
    """
    agent = _require_agent(backend)
    chosen = require_task(task)
    if not agent.program and not launcher:
        form = f"sotctl stage2 run --task {task} --runs-dir {runs_dir} -- {agent.launcher}"
        raise UsageError(f"the backend {agent.id} needs a launcher", hint=Command(form))
    verdict = gate.gate_verdict(admission_file, provider, model)
    _require_upstream(agent, upstream, verdict)
    policy = _policy(verdict)
    source = credential or _mapped_source(policy, verdict)
    home = Path.home()
    parsed = parse_credential(source, provider=verdict.provider, environment=os.environ, home=home) if source else None
    folder = rundir.create(runs_dir, rundir.run_id(utc_now(), chosen.id, os.getpid()), agent.folders)
    request = RunRequest(
        agent=agent,
        task=chosen,
        launcher=launcher,
        run_dir=folder,
        verdict=verdict,
        hosts=_hosts(policy, verdict),
        local_hosts=tuple(policy.networks.get(LOCAL_HOSTS, ())) if policy else (),
        upstream=upstream,
        credential=parsed,
        private=tuple(_private(home, verdict.submission.path, folder, parsed)),
        inherited=dict(os.environ),
        timeout_s=timeout_s,
        isolated=not no_isolation,
        reread=lambda: read_again(verdict.submission.path),
        progress=Screen().show if sys.stderr.isatty() else _silent,
    )
    report = run(request)
    return Result(type=report.type, values=to_json(report), text=_final(report, folder), exit_code=_status(report))


def _require_agent(name: str) -> Agent:
    known = agents()
    if name not in known:
        raise UsageError(f"there is no backend {quote(name)}; known: {', '.join(sorted(known))}")
    return known[name]


def _require_upstream(agent: Agent, upstream: str, verdict: Verdict) -> None:
    """Require --upstream if the wire of an admitted provider has no public address."""
    if upstream:
        require_upstream(upstream)
        return
    wire = agent.wire(verdict.provider)
    if verdict.admission and wire and not wires()[wire].public_address(verdict.provider):
        message = f"{quote(verdict.provider)} has no public address"
        raise UsageError(message, hint="give --upstream URL, such as http://127.0.0.1:8000/v1")


def _policy(verdict: Verdict) -> Policy | None:
    """The configuration at HEAD; None where it is not valid, which the gate then says."""
    try:
        return verdict.submission.policy()
    except RejectedError:
        return None


def _hosts(policy: Policy | None, verdict: Verdict) -> tuple[str, ...]:
    """The hosts of the admitted network class."""
    if verdict.admission is None or policy is None:
        return ()
    return tuple(policy.networks.get(verdict.admission.text("allowed_network_class"), ()))


def _mapped_source(policy: Policy | None, verdict: Verdict) -> str:
    """Where `[credentials]` says that the admitted class of credentials is kept; "" where it does not."""
    if verdict.admission is None or policy is None:
        return ""
    return policy.credentials.get(verdict.admission.text("credential_source_class"), "")


def _private(home: Path, admission: str, run_dir: Path, credential: Credential | None) -> Iterator[str]:
    """What a program must not be able to read: the home, the governed repository, runs, the credential's store."""
    yield os.path.realpath(home)
    if admission and (root := work_tree_root(str(Path(os.path.realpath(admission)).parent))):
        yield root
    yield str(run_dir)
    if credential and credential.store:
        yield os.path.realpath(credential.store)


def _status(report: Report) -> int:
    if any(cause.reason == "interrupted" for cause in report.problems):
        return 130
    return 0 if report.result == "pass" else 1


def _silent(event: str, values: Mapping[str, object]) -> None:
    """Show no progress: there is no terminal."""


class Screen:
    """The progress of a run on a terminal: one line that says what happens now."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._agent, self._requests = "", 0

    def show(self, event: str, values: Mapping[str, object]) -> None:
        """Show one event."""
        if event in ("case_agent_spawned", "request"):
            self._agent = str(values.get("agent") or self._agent)
        if event == "request":
            self._requests = int(str(values["requests"]))
        seconds = time.monotonic() - self._begun
        parts = [f"{seconds:5.1f} s", event.replace("_", " ")]
        if self._agent:
            parts.append(self._agent)
        if self._requests:
            parts.append(counted(self._requests, "request"))
        line = cut("  ".join(parts), screen_columns(sys.stderr) - 1)
        sys.stderr.write(f"\r\x1b[K{line}" + ("\n" if event == "run_finished" else ""))
        sys.stderr.flush()


def _final(report: Report, folder: Path) -> str:
    """The text at the end: pass, fail or blocked, why, and the next command."""
    lines = [f"{report.result:<8}  {report.reason}", f"          {report.message}"]
    lines += [f"          {cause.message}" for cause in report.problems[1:]]
    if report.case_model:
        lines.append(f"pair      {report.case_model_provider}/{report.case_model}")
    for row in report.used:
        lines.append(f"used      {row.agent}: {row.provider}/{row.model}, {counted(row.requests, 'request')}")
    if not report.is_isolated:
        lines.append("isolation none: what else the program reached, read or wrote is not shown")
    # Recording verifies first.
    after = report.next.rpartition(", then ")[2] if report.result == "pass" else report.next
    return "\n".join([*lines, f"report    {folder}/report.md", f"next      {after}"])
