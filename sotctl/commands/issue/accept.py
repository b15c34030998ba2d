"""Say that an acceptance bullet is met, and by what."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.settle import settle
from sotctl.app.verb import Verb


@click.command(cls=Verb, epilog='sotctl issue accept CTO-WORK-020 8 --evidence "run 20260601T100000Z"')
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("number", type=int, metavar="N")
@click.option("--evidence", required=True, metavar="REF", help="A reference; it stands at the end of the bullet.")
@write_options
@json_option
@store_option
def command(issue_id: str, number: int, evidence: str, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Mark acceptance bullet N of ISSUE as met: ` (met DATE: REF)` is added to it."""
    settle(issue_id, number, "met", evidence, dry_run=dry_run, no_commit=no_commit, as_json=as_json)
