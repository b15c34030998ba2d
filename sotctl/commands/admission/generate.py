"""Write the admission of every approved decision record."""

from __future__ import annotations

import click

from sotctl.admissions.generate import plan_generate
from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, store_here
from sotctl.app.verb import Verb


@click.command(cls=Verb, epilog="sotctl admission generate --dry-run")
@write_options
@json_option
@store_option
def command(dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Derive every admission from its decision record, and commit what changed.

    An admission that is right in HEAD comes back as it is there; changes to it that are not committed are lost.
    """
    store = store_here()
    snapshot = store.snapshot()
    plan = plan_generate(snapshot, now=snapshot.now, committed=store.commit_tree())
    commit, tell = carry_out(
        store, snapshot, plan, "sotctl.admission-generate/v1", {}, dry_run=dry_run, no_commit=no_commit, as_json=as_json
    )
    if tell:
        for path in sorted(plan.files):
            click.echo(f"{'wrote' if path in plan.changed() else 'unchanged'}  {path}")
        if commit:
            click.echo(f"commit  {commit[:9]}")
