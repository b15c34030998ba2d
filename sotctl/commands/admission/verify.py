"""Verify the signature of an admission."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.signatures import signature_of
from sotctl.app.verb import verb
from sotctl.decisions.revoke import require_admission
from sotctl.gate.signing import signature_path
from sotctl.result import Result


@verb(example="sotctl admission verify openai-codex/gpt-5.5")
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]", shell_complete=completion.pairs)
def command(app: App, pair: str | None) -> Result:
    """Verify the signature beside an admission against its exact bytes and the allowed signers.

    Exits with 0 for a good signature alone.
    """
    admission = require_admission(app.snapshot, pair)
    found = signature_of(app.store, app.snapshot, admission)
    if found is None:
        text = f"unsigned  {admission.path}\nnext      sotctl admission sign {'/'.join(admission.pair)}"
    else:
        text = f"{found.state:<8}  {signature_path(admission.path)}\n          {found.describe()}"
    return Result(
        type="sotctl.admission-verify/v1",
        values={"admission": admission.path, "signature": found.to_json() if found else {"state": "unsigned"}},
        text=text,
        exit_code=0 if found and found.is_good else 1,
    )
