"""Add an issue with the status draft."""

from __future__ import annotations

import click

from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, store_here
from sotctl.app.verb import Verb
from sotctl.issues.planning import plan_new


@click.command(cls=Verb, epilog='sotctl issue new CTO-WORK-028 "Measure the gate"')
@click.argument("issue_id", metavar="ISSUE")
@click.argument("title")
@click.option("--in", "path", metavar="PATH", help="The issues document, where there is more than one.")
@write_options
@json_option
@store_option
def command(issue_id: str, title: str, path: str | None, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Add ISSUE with TITLE at the end of the issues document."""
    store = store_here()
    snapshot = store.snapshot()
    plan = plan_new(snapshot, issue_id, title, path, now=snapshot.now)
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        "sotctl.issue-new/v1",
        {"id": issue_id, "title": title, "status": "draft"},
        dry_run=dry_run,
        no_commit=no_commit,
        as_json=as_json,
    )
    if tell:
        click.echo(f"{issue_id}  draft  {title}" + (f"\ncommit  {commit[:9]}" if commit else ""))
