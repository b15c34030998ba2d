"""List the evidence records of the store."""

from __future__ import annotations

import click

from sotctl.app.options import json_option, store_option
from sotctl.app.shared import print_json, store_here
from sotctl.app.verb import Verb
from sotctl.documents.evidence_record import evidence_records

FIELDS = ("issue", "run_id", "run_directory", "result", "provider", "model", "admission_sha256", "report_sha256")


@click.command(cls=Verb, epilog="sotctl evidence list --json")
@json_option
@store_option
def command(as_json: bool) -> None:
    """List every evidence record."""
    found = list(evidence_records(store_here().snapshot()))
    if as_json:
        rows = [
            {"path": record.path, "counts": record.counts, **{name: record.text(name) for name in FIELDS}}
            for record in found
        ]
        print_json("sotctl.evidence/v1", {"records": rows})
        return
    if not found:
        click.echo("no evidence; next: sotctl stage2 run, then sotctl evidence record RUN_DIR --issue ID")
    for record in found:
        state = "pass" if record.counts else record.text("status")
        click.echo(
            f"{state:<8}  {record.text('issue')}  {record.text('provider')}/{record.text('model')}  {record.path}"
        )
