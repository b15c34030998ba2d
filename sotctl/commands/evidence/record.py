"""Record a verified pass in the store."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, snapshot_after, store_here
from sotctl.app.verb import Verb
from sotctl.commands.evidence.verify import require_run
from sotctl.decisions.planning import require_issue
from sotctl.evidence.record import plan_record
from sotctl.issues.moves import obstacles_to_leave
from sotctl.report.issue import stays
from sotctl.stage2.recompute import verify_directory


@click.command(cls=Verb, epilog="sotctl evidence record ~/runs/20261123T101500Z-* --issue CTO-WORK-020")
@click.argument("run_dir", type=click.Path(path_type=Path), metavar="RUN_DIR")
@click.option("--issue", "issue_id", required=True, metavar="ID", help="The issue that the run is evidence for.")
@write_options
@json_option
@store_option
def command(run_dir: Path, issue_id: str, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Verify RUN_DIR, and commit a record that pins it by digest; the run itself is not copied."""
    folder = require_run(run_dir)
    verified = verify_directory(folder)
    store = store_here()
    snapshot = store.snapshot()
    plan = plan_record(snapshot, issue_id, verified, folder=shlex.quote(str(folder)), now=snapshot.now)
    values = {"issue": issue_id, "run_id": verified.report["run_id"], "report_sha256": verified.report_sha256}
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        "sotctl.evidence-record/v1",
        values,
        dry_run=dry_run,
        no_commit=no_commit,
        as_json=as_json,
    )
    if tell:
        click.echo(f"recorded  {next(iter(plan.files))}" + (f"\ncommit    {commit[:9]}" if commit else ""))
        after = snapshot_after(snapshot, plan)
        issue = require_issue(after, issue_id)[1]
        if missing := obstacles_to_leave(after, issue):
            click.echo(stays(issue, missing))
        else:
            click.echo(f"next      sotctl issue status {issue_id} validated")
