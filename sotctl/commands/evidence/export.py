"""Export a verified run as statements that others can read and sign."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.errors import BlockedError, Command
from sotctl.evidence.in_toto import statements, to_lines
from sotctl.result import Result
from sotctl.stage2.packs import opened
from sotctl.stage2.verification import verify_directory


@verb(example="sotctl evidence export --format in-toto ~/runs/20261123T101500Z-*", store=False)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN|PACK")
@click.option("--format", "format_", required=True, type=click.Choice(["in-toto"]), help="The format.")
def command(app: App, run: Path, format_: str) -> Result:
    """Verify RUN and print in-toto statements of its verdict and its tests, one a line, unsigned."""
    with opened(run) as at_hand:
        verified = verify_directory(at_hand.folder)
    if verified.findings or verified.report is None:
        reason = verified.findings[0].message if verified.findings else f"it is a run of {verified.type}"
        raise BlockedError(f"the run is not exported: {reason}", hint=Command(f"sotctl evidence verify {run}"))
    found = list(statements(verified.report, verified.report_sha256, f"{app.now:%Y-%m-%dT%H:%M:%SZ}"))
    return Result(
        type="sotctl.evidence-export/v1",
        values={"format": format_, "statements": found},
        text=to_lines(iter(found)),
    )
