"""Verify the signature of an admission."""

from __future__ import annotations

import click

from sotctl.app.options import json_option, store_option
from sotctl.app.shared import print_json, store_here
from sotctl.app.verb import Verb
from sotctl.decisions.revoke import require_admission
from sotctl.gate.signing import signature_path, verify_beside


@click.command(cls=Verb, epilog="sotctl admission verify openai-codex/gpt-5.5")
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]")
@json_option
@store_option
def command(pair: str | None, as_json: bool) -> None:
    """Verify the signature beside an admission against its exact bytes and the allowed signers.

    Exits with 0 for a good signature alone.
    """
    store = store_here()
    snapshot = store.snapshot()
    admission = require_admission(snapshot, pair)
    place = str(store.top / admission.path)
    found = verify_beside(place, admission.data, admission.text("approval_source"), snapshot.policy, snapshot.now)
    if as_json:
        state = found.to_json() if found else {"state": "unsigned"}
        print_json("sotctl.admission-verify/v1", {"admission": admission.path, "signature": state})
    elif found is None:
        click.echo(f"unsigned  {admission.path}\nnext      sotctl admission sign {'/'.join(admission.pair)}")
    else:
        click.echo(f"{found.state:<8}  {signature_path(admission.path)}\n          {found.describe()}")
    raise SystemExit(0 if found and found.is_good else 1)
