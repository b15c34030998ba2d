"""Run the backend under the gate and record what it asked of which model."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.quote import counted, quote
from sotctl.errors import Command, UsageError
from sotctl.findings import RejectedError
from sotctl.gate import command as _gate
from sotctl.gate.admission_file import read_again
from sotctl.gate.verdict import Verdict
from sotctl.result import Result
from sotctl.stage2 import rundir
from sotctl.stage2.backends import backends
from sotctl.stage2.fixture import require_task
from sotctl.stage2.order import Order, require_upstream
from sotctl.stage2.run import run
from sotctl.store.store import utc_now


@verb(
    example="sotctl stage2 run --task string-slugify --runs-dir ~/runs -- "
    "bun case/src/index.ts run --task {task_file} --mode unattended",
    store=False,
)
@click.option("--task", required=True, metavar="NAME", help="The task, such as string-slugify.")
@click.option("--runs-dir", required=True, type=click.Path(path_type=Path), help="Where run directories are made.")
@click.option("--upstream", default="", metavar="URL", help="Where the recorder sends requests; default: models.json.")
@click.option("--pass-env", multiple=True, metavar="NAME", help="Hand a variable on to the backend; repeatable.")
@click.option("--timeout", "timeout_s", default=3600.0, type=click.FloatRange(min=0.1), help="Seconds; default 3600.")
@click.option("--isolate", is_flag=True, help="Let the backend write to the run directory alone (bubblewrap).")
@click.option("--backend", default="case", metavar="NAME", help="Default: case.")
@click.argument("command_line", nargs=-1, required=True, metavar="-- COMMAND...")
def command(
    app: App,
    task: str,
    runs_dir: Path,
    upstream: str,
    pass_env: tuple[str, ...],
    timeout_s: float,
    isolate: bool,
    backend: str,
    command_line: tuple[str, ...],
) -> Result:
    """Run COMMAND, with {task_file}, {fixture}, {data_dir} and {run_dir} replaced, if the pair is admitted.

    Exits with 0 for a pass, 1 for blocked and fail, 130 when it was interrupted.
    """
    known = backends()
    if backend not in known:
        raise UsageError(f"there is no backend {quote(backend)}; known: {', '.join(sorted(known))}")
    if isolate and shutil.which("bwrap") is None:
        raise UsageError("--isolate needs bwrap, which is not installed", hint=Command("install bubblewrap"))
    chosen = require_task(task)
    if missing := next((name for name in pass_env if name not in os.environ), None):
        raise UsageError(f"--pass-env {missing}: there is no such variable")
    verdict = _gate.judge()
    given = upstream or _configured_upstream(verdict.provider)
    if given:
        require_upstream(given)
    folder = rundir.create(runs_dir, rundir.run_id(utc_now(), chosen.id, os.getpid()))
    order = Order(
        backend=known[backend],
        task=chosen,
        command=command_line,
        run_dir=folder,
        verdict=verdict,
        upstream=given,
        hosts=_hosts(verdict),
        pass_env=pass_env,
        inherited=dict(os.environ),
        timeout_s=timeout_s,
        isolate=isolate,
        reread=lambda: read_again(verdict.submission.path),
        progress=Screen().show if sys.stderr.isatty() else _silent,
    )
    report = run(order)
    return Result(type=str(report["type"]), values=report, text=_final(report, folder), exit_code=_status(report))


def _status(report: Mapping[str, Any]) -> int:
    if any(problem["reason"] == "interrupted" for problem in report["problems"]):
        return 130
    return 0 if report["result"] == "pass" else 1


def _hosts(verdict: Verdict) -> tuple[str, ...] | None:
    """The hosts of the admitted network class, by the configuration at HEAD."""
    if verdict.admission is None:
        return None
    try:
        networks = verdict.submission.policy().networks
    except RejectedError:
        return None
    return networks.get(verdict.admission.text("allowed_network_class"))


def _configured_upstream(provider: str) -> str:
    """The base URL of a provider in the inherited models.json; "" where there is none."""
    folder = os.environ.get("PI_CODING_AGENT_DIR", "")
    if not folder:
        return ""
    try:
        values = json.loads((Path(folder) / "models.json").read_bytes())
        return str(values["providers"][provider]["baseUrl"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _silent(event: str, values: Mapping[str, object]) -> None:
    """Show nothing: nobody is looking."""


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
        width = shutil.get_terminal_size((80, 24)).columns - 1
        sys.stderr.write(f"\r\x1b[K{'  '.join(parts)[:width]}" + ("\n" if event == "run_finished" else ""))
        sys.stderr.flush()


def _final(report: Mapping[str, Any], folder: Path) -> str:
    """What a person reads at the end: pass, fail or blocked, why, and the next command."""
    lines = [f"{report['result']:<8}  {report['reason']}", f"          {report['message']}"]
    if report["reason"] != "backend-not-started":  # all else that is missing follows from that; the report lists it
        lines += [f"          {problem['message']}" for problem in report["problems"][1:]]
    if report["case_model"]:
        lines.append(f"pair      {report['case_model_provider']}/{report['case_model']}")
    for row in report["used"]:
        lines.append(
            f"used      {row['agent']}: {row['provider']}/{row['model']}, {counted(row['requests'], 'request')}"
        )
    return "\n".join([*lines, f"report    {folder}/report.md", f"next      {report['next']}"])
