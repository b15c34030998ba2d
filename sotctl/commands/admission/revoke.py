"""Take an admission back."""

from __future__ import annotations

import click

from sotctl.admissions.derive import issue_to_decide
from sotctl.app import completion
from sotctl.app.app import App, with_commit
from sotctl.app.verb import verb
from sotctl.decisions.revoke import plan_revoke, require_admission
from sotctl.result import Result


@verb(example='sotctl admission revoke openai-codex/gpt-5.5 --reason "the account was closed"', writes=True)
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]", shell_complete=completion.pairs)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it goes into the commit message.")
def command(app: App, pair: str | None, reason: str) -> Result:
    """Revoke the admission of a pair, or the one in force, and archive its decision record."""
    admission = require_admission(app.snapshot, pair)
    name = "/".join(admission.pair)
    work = app.planned(plan_revoke(app.snapshot, admission, reason, now=app.now))
    next_ = f"next     sotctl decide {admission.issue or issue_to_decide(app.snapshot)}"
    return app.carry_out(
        work,
        "sotctl.admission-revoke/v1",
        {"revoked": name},
        with_commit([f"revoked  {name}"], [next_], width=9),
    )
