"""Show one admission and what is wrong with it."""

from __future__ import annotations

import click

from sotctl.admissions.admission import problems
from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.next_run import exports, gate_environment
from sotctl.app.verb import verb
from sotctl.decisions.revoke import require_admission
from sotctl.findings import in_order, refuses
from sotctl.report.formats import text
from sotctl.result import Result


@verb(example="sotctl admission show openai-codex/gpt-5.5")
@click.argument("pair", required=False, metavar="[PROVIDER/MODEL]", shell_complete=completion.pairs)
def command(app: App, pair: str | None) -> Result:
    """Show the admission of a pair, or the one that is in force."""
    snapshot = app.snapshot
    admission = require_admission(snapshot, pair)
    findings = in_order(problems(admission, snapshot.policy, snapshot.formats, now=snapshot.now))
    state = "in force" if admission.is_in_force else "revoked"
    below = text.render(findings, {"admissions": 1}) if findings else f"{state}, no findings"
    if admission.is_in_force and not refuses(findings):
        environment = gate_environment(str(app.store.top / admission.path), *admission.pair)
        below = "\n".join(["for the gate", *(f"    {line}" for line in exports(environment)), "", below])
    return Result(
        type="sotctl.admission/v1",
        values={
            "path": admission.path,
            "admission_sha256": admission.sha256,
            "admission": admission.values,
            "findings": [finding.to_json() for finding in findings],
        },
        text=f"{admission.path}\nsha256 {admission.sha256}\n\n{admission.data.decode()}\n{below}".rstrip("\n"),
        exit_code=int(refuses(findings)),
    )
