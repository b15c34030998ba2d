"""Recompute a run from its files, without trusting its report."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.options import json_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb
from sotctl.errors import SotError
from sotctl.report.formats import text
from sotctl.stage2.recompute import verify_directory


@click.command(cls=Verb, epilog="sotctl evidence verify ~/runs/20261123T101500Z-*")
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN_DIR")
@json_option
def command(run_dir: Path, as_json: bool) -> None:
    """Verify RUN_DIR: digests, trace, spawns, requests, tests and scan, all done again.

    Exits with 0 when the run passed and its evidence holds; with 1 for findings, and for a run that did not pass.
    """
    folder = require_run(run_dir)
    verified = verify_directory(folder)
    if as_json:
        values = {
            "run_id": folder.name,
            "verified": not verified.findings,
            "result": verified.report.get("result"),
            "reason": verified.report.get("reason"),
            "report_sha256": verified.report_sha256,
            "findings": [finding.to_json() for finding in verified.findings],
        }
        print_json("sotctl.evidence-verify/v1", values)
    elif verified.findings:
        click.echo(text.render(verified.findings, {"runs": 1}), nl=False)
    else:
        click.echo(f"verified  {folder.name}\nresult    {verified.report['result']}: {verified.report['message']}")
        click.echo(f"sha256    {verified.report_sha256}")
    raise SystemExit(0 if verified.is_pass else 1)


def require_run(path: Path) -> Path:
    """The run directory at *path*.

    Raises:
        SotError: There is none.
    """
    if not path.is_dir():
        raise SotError(f"there is no run directory {path}", hint="sotctl stage2 run prints where it is")
    return path.resolve()
