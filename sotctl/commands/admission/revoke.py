"""Take an admission back."""

from __future__ import annotations

import click

from sotctl.admission.revoke import plan_revoke, require_admission
from sotctl.commands._shared import (
    json_option,
    make,
    outcome,
    print_json,
    require_sound,
    store_here,
    store_option,
    write_options,
)


@click.command(epilog='For example:  sotctl admission revoke openai-codex/gpt-5.5 --reason "the account was closed"')
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it goes into the commit message.")
@write_options
@json_option
@store_option
def command(pair: str | None, reason: str, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Revoke the admission of a pair, or the one in force, and archive its decision record."""
    store = store_here()
    library = store.library()
    admission = require_admission(library, pair)
    plan = plan_revoke(library, admission, reason, now=library.now)
    require_sound(library, plan)
    commit = make(store, plan, dry_run=dry_run and not as_json, no_commit=no_commit) if not (dry_run and as_json) else None
    if as_json:
        print_json("sotctl.admission-revoke/v1", {"revoked": "/".join(admission.pair), **outcome(plan, commit, dry_run=dry_run)})
    elif not dry_run:
        click.echo(f"revoked  {'/'.join(admission.pair)}" + (f"\ncommit   {commit[:9]}" if commit else ""))
