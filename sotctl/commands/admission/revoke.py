"""Take an admission back."""

from __future__ import annotations

import click

from sotctl.admissions.derive import issue_to_decide
from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import carry_out, store_here
from sotctl.app.verb import Verb
from sotctl.decisions.revoke import plan_revoke, require_admission


@click.command(cls=Verb, epilog='sotctl admission revoke openai-codex/gpt-5.5 --reason "the account was closed"')
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it goes into the commit message.")
@write_options
@json_option
@store_option
def command(pair: str | None, reason: str, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Revoke the admission of a pair, or the one in force, and archive its decision record."""
    store = store_here()
    snapshot = store.snapshot()
    admission = require_admission(snapshot, pair)
    plan = plan_revoke(snapshot, admission, reason, now=snapshot.now)
    name = "/".join(admission.pair)
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        "sotctl.admission-revoke/v1",
        {"revoked": name},
        dry_run=dry_run,
        no_commit=no_commit,
        as_json=as_json,
    )
    if tell:
        click.echo(f"revoked  {name}" + (f"\ncommit   {commit[:9]}" if commit else ""))
        click.echo(f"next     sotctl decide {admission.issue or issue_to_decide(snapshot)}")
