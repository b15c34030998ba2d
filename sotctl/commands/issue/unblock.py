"""Say that a blocker is gone, and why."""

from __future__ import annotations

import click

from sotctl.commands import _complete
from sotctl.commands._shared import json_option, store_option, write_options
from sotctl.commands.issue._settle import settle


@click.command(epilog='For example:  sotctl issue unblock CTO-WORK-020 1 --because "approved in CTO-WORK-020-DR-001"')
@click.argument("issue_id", metavar="ISSUE", shell_complete=_complete.issues)
@click.argument("number", type=int, metavar="N")
@click.option("--because", required=True, metavar="TEXT", help="Why it is gone; it stands at the end of the bullet.")
@write_options
@json_option
@store_option
def command(issue_id: str, number: int, because: str, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Clear blocker N of ISSUE: ` (cleared DATE: TEXT)` is added to the bullet."""
    settle(issue_id, number, "cleared", because, dry_run=dry_run, no_commit=no_commit, as_json=as_json)
