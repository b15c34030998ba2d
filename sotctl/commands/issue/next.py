"""What can be worked on, and what would unblock most."""

from __future__ import annotations

import click

from sotctl.admission.blocking import Candidate, candidates
from sotctl.commands._options import json_option, store_option
from sotctl.commands._shared import print_json, store_here
from sotctl.commands._verb import Verb


@click.command(cls=Verb, epilog="sotctl issue next")
@json_option
@store_option
def command(as_json: bool) -> None:
    """List the issues that wait for nothing, those first that most others wait for."""
    found = candidates(store_here().library().issues())
    if as_json:
        print_json("sotctl.issue-next/v1", {"issues": [_row(entry) for entry in found]})
        return
    if not found:
        click.echo("nothing can be worked on; what is blocked, and why: sotctl issue list --status blocked")
    for entry in found:
        click.echo(f"{entry.issue.id}  {entry.issue.status}  {entry.issue.title}")
        if entry.unblocks:
            click.echo(f"    unblocks {', '.join(entry.unblocks)}")


def _row(entry: Candidate) -> dict[str, object]:
    issue = entry.issue
    return {"id": issue.id, "status": issue.status, "title": issue.title, "unblocks": list(entry.unblocks)}
