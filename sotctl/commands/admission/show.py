"""Show one admission and what is wrong with it."""

from __future__ import annotations

import click

from sotctl.admissions.admission import problems
from sotctl.app.options import json_option, store_option
from sotctl.app.shared import print_json, store_here
from sotctl.app.verb import Verb
from sotctl.decisions.revoke import require_admission
from sotctl.findings import in_order, refuses
from sotctl.report.formats import text


@click.command(cls=Verb, epilog="sotctl admission show openai-codex/gpt-5.5")
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]")
@json_option
@store_option
def command(pair: str | None, as_json: bool) -> None:
    """Show the admission of a pair, or the one that is in force."""
    snapshot = store_here().snapshot()
    admission = require_admission(snapshot, pair)
    findings = in_order(problems(admission, snapshot.policy, snapshot.formats, now=snapshot.now))
    if as_json:
        values = {"path": admission.path, "admission_sha256": admission.sha256, "admission": admission.values}
        print_json("sotctl.admission/v1", {**values, "findings": [finding.to_json() for finding in findings]})
    else:
        click.echo(f"{admission.path}\nsha256 {admission.sha256}\n\n{admission.data.decode()}", nl=False)
        if findings:
            click.echo("\n" + text.render(findings, {"admissions": 1}), nl=False)
        else:
            click.echo(f"\n{'in force' if admission.is_in_force else 'revoked'}, no findings")
    raise SystemExit(1 if refuses(findings) else 0)
