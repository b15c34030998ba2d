"""Write the two files of a new kind of decision, valid as they are."""

from __future__ import annotations

import click

from sotctl.app.app import App, with_commit
from sotctl.app.verb import verb
from sotctl.decisions.new_template import plan_template
from sotctl.result import Result


@verb(example="sotctl template new region-decision OPS-7", writes=True)
@click.argument("name")
@click.argument("issue_id", metavar="ISSUE")
def command(app: App, name: str, issue_id: str) -> Result:
    """Write a schema and a body for decisions on ISSUE, and commit them; edit the schema to ask for more."""
    plan = plan_template(app.snapshot, name, issue_id)
    after = f"decide {issue_id}" if app.snapshot.find_issue(issue_id) else f'issue new {issue_id} "TITLE"'
    files = sorted(plan.files)
    rows = [f"wrote   {path}" for path in files]
    return app.carry_out(
        app.planned(plan),
        "sotctl.template-new/v1",
        {"name": name, "issue": issue_id},
        with_commit(rows, [f"next    sotctl {after}"]),
    )
