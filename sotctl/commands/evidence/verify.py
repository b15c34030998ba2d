"""Recompute a run from its files, without trusting its report."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.errors import Command, SotError
from sotctl.evidence.against_record import against_record
from sotctl.evidence.verify import Verified
from sotctl.report.formats import text
from sotctl.result import Result
from sotctl.stage2.packs import opened
from sotctl.stage2.verification import verify_directory


@verb(
    example="sotctl evidence verify ~/runs/20261123T101500Z-*\n"
    "sotctl evidence verify --record 20261123T101500Z run.tar.gz",
    store=False,
)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN|PACK")
@click.option("--record", "record_id", metavar="ID", help="Hold it against this evidence record as well.")
def command(app: App, run: Path, record_id: str | None) -> Result:
    """Compute a run again from its directory or pack: digests, trace, agents, requests, tests and scan.

    Exits with 0 when the run passed and its evidence holds; with 1 for findings, and for a run that did not pass.
    """
    with opened(run) as at_hand:
        verified = verify_directory(at_hand.folder)
        if record_id is not None:
            verified = against_record(verified, app.snapshot, record_id, at_hand.pack_sha256)
    findings = text.render(verified.findings, {"runs": 1}).rstrip("\n")
    return Result(
        type="sotctl.evidence-verify/v1",
        values=_values(verified),
        text=findings if verified.findings else _described(verified),
        exit_code=0 if verified.is_pass else 1,
    )


def _values(verified: Verified) -> dict[str, object]:
    return {
        "run_id": verified.run_id,
        "verified": not verified.findings,
        "result": verified.result or None,
        "reason": verified.reason or None,
        "report_sha256": verified.report_sha256,
        "tests_were_run": verified.tests_were_run,
        "findings": [finding.to_json() for finding in verified.findings],
    }


def _described(verified: Verified) -> str:
    # on lines of their own: behind `pass: ` a pair would be taken for a password
    lines = [f"verified  {verified.run_id}", f"result    {verified.result}", f"          {verified.message}"]
    if not verified.tests_were_run:
        lines.append("tests     not run again: there is no sandbox here for what a model wrote")
    return "\n".join([*lines, f"sha256    {verified.report_sha256}"])


def require_run(path: Path) -> Path:
    """The run directory at *path*.

    Raises:
        SotError: There is none.
    """
    if not path.is_dir():
        raise SotError(f"there is no run directory {path}", hint=Command("sotctl stage2 run prints where it is"))
    return path.resolve()
