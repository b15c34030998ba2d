"""Write the admission of every approved decision record."""

from __future__ import annotations

import click

from sotctl.admission.generate import plan_generate
from sotctl.commands._options import json_option, store_option, write_options
from sotctl.commands._shared import carry_out, store_here
from sotctl.commands._verb import Verb


@click.command(cls=Verb, epilog="sotctl admission generate --dry-run")
@write_options
@json_option
@store_option
def command(dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Derive every admission from its decision record, and commit what changed.

    An admission that is right in HEAD comes back as it is there; changes to it that are not committed are lost.
    """
    store = store_here()
    library = store.library()
    plan = plan_generate(library, now=library.now, committed=store.commit_tree())
    commit, tell = carry_out(
        store, library, plan, "sotctl.admission-generate/v1", {}, dry_run=dry_run, no_commit=no_commit, as_json=as_json
    )
    if tell:
        for path in sorted(plan.files):
            click.echo(f"{'wrote' if path in plan.changed() else 'unchanged'}  {path}")
        if commit:
            click.echo(f"commit  {commit[:9]}")
