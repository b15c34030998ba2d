"""Add an issue with the status draft."""

from __future__ import annotations

import click

from sotctl.app.app import App, with_commit
from sotctl.app.verb import verb
from sotctl.issues.planning import plan_new
from sotctl.result import Result


@verb(example='sotctl issue new CTO-WORK-028 "Measure the gate"', writes=True)
@click.argument("issue_id", metavar="ISSUE")
@click.argument("title")
@click.option("--in", "path", metavar="PATH", help="The issues document; one that is not there is made.")
def command(app: App, issue_id: str, title: str, path: str | None) -> Result:
    """Add ISSUE with TITLE at the end of the issues document; in an empty store, make one."""
    plan = plan_new(app.snapshot, issue_id, title, path, now=app.now)
    return app.carry_out(
        app.planned(plan),
        "sotctl.issue-new/v1",
        {"id": issue_id, "title": title, "status": "draft"},
        with_commit([f"{issue_id}  draft  {title}"], [f"next    sotctl issue show {issue_id}"]),
    )
