"""Recompute a run from its files, without trusting its report."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.errors import Command, SotError
from sotctl.report.formats import text
from sotctl.result import Result
from sotctl.stage2.recompute import verify_directory


@verb(example="sotctl evidence verify ~/runs/20261123T101500Z-*", store=False)
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN_DIR")
def command(app: App, run_dir: Path) -> Result:
    """Verify RUN_DIR: digests, trace, spawns, requests, tests and scan, all done again.

    Exits with 0 when the run passed and its evidence holds; with 1 for findings, and for a run that did not pass.
    """
    folder = require_run(run_dir)
    verified = verify_directory(folder)
    lines = [
        f"verified  {folder.name}",
        f"result    {verified.report.get('result')}: {verified.report.get('message')}",
        f"sha256    {verified.report_sha256}",
    ]
    return Result(
        type="sotctl.evidence-verify/v1",
        values={
            "run_id": folder.name,
            "verified": not verified.findings,
            "result": verified.report.get("result"),
            "reason": verified.report.get("reason"),
            "report_sha256": verified.report_sha256,
            "findings": [finding.to_json() for finding in verified.findings],
        },
        text=text.render(verified.findings, {"runs": 1}).rstrip("\n") if verified.findings else "\n".join(lines),
        exit_code=0 if verified.is_pass else 1,
    )


def require_run(path: Path) -> Path:
    """The run directory at *path*.

    Raises:
        SotError: There is none.
    """
    if not path.is_dir():
        raise SotError(f"there is no run directory {path}", hint=Command("sotctl stage2 run prints where it is"))
    return path.resolve()
