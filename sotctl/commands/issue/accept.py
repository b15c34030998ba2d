"""Say that an acceptance bullet is met, and by what."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.settle import settle
from sotctl.app.verb import verb
from sotctl.result import Result


@verb(example='sotctl issue accept CTO-WORK-020 8 --evidence "run 20260601T100000Z"', writes=True)
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("number", type=int, metavar="N")
@click.option("--evidence", required=True, metavar="REF", help="A reference; it stands at the end of the bullet.")
def command(app: App, issue_id: str, number: int, evidence: str) -> Result:
    """Mark acceptance bullet N of ISSUE as met: ` (met DATE: REF)` is added to it."""
    return settle(app, issue_id, number, "met", evidence)
