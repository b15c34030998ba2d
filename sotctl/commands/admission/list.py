"""List the admissions of the store."""

from __future__ import annotations

import shlex

from sotctl.admissions.admission import Admission, problems
from sotctl.admissions.derive import admissions, issue_to_decide
from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.findings import refuses
from sotctl.report.terminal import columns, remedy, wrapped
from sotctl.result import Result


@verb(example="sotctl admission list --json")
def command(app: App) -> Result:
    """List every admission, in force or revoked."""
    snapshot = app.snapshot
    found = list(admissions(snapshot))
    return Result(
        type="sotctl.admissions/v1",
        values={"admissions": [_row(admission) for admission in found]},
        text="\n".join(line for admission in found for line in _lines(snapshot, admission))
        or f"no admission; next: sotctl decide {issue_to_decide(snapshot)}",
    )


def _lines(snapshot: Snapshot, admission: Admission) -> list[str]:
    """An admission with its file, its record and what its review waits for, wrapped to the terminal."""
    pair = "/".join(admission.pair)
    is_broken = refuses(list(problems(admission, snapshot.policy, snapshot.formats, now=snapshot.now)))
    show = remedy(Command(f"sotctl admission show {shlex.quote(admission.path)}"), columns(), "  broken: ")
    return [
        *wrapped(pair, f"{admission.text('status'):<8}  "),
        *(show if is_broken else []),
        *wrapped(admission.path, "  "),
        *wrapped(f"{admission.text('decision_record')}  {admission.text('review_trigger')}", "  "),
    ]


def _row(admission: Admission) -> dict[str, object]:
    names = ("status", "provider", "model", "decision_record", "review_trigger", "admission_timestamp")
    return {
        **{name: admission.text(name) for name in names},
        "path": admission.path,
        "admission_sha256": admission.sha256,
    }
