"""List the admissions of the store."""

from __future__ import annotations

import shlex

import click

from sotctl.admissions.admission import Admission, problems
from sotctl.admissions.derive import admissions, issue_to_decide
from sotctl.app.options import json_option, store_option
from sotctl.app.shared import print_json, store_here
from sotctl.app.verb import Verb
from sotctl.documents.snapshot import Snapshot
from sotctl.findings import refuses
from sotctl.report.formats.text import columns, remedy, wrapped


@click.command(cls=Verb, epilog="sotctl admission list --json")
@json_option
@store_option
def command(as_json: bool) -> None:
    """List every admission, in force or revoked."""
    snapshot = store_here().snapshot()
    found = list(admissions(snapshot))
    if as_json:
        print_json("sotctl.admissions/v1", {"admissions": [_row(admission) for admission in found]})
        return
    if not found:
        click.echo(f"no admission; next: sotctl decide {issue_to_decide(snapshot)}")
        return
    click.echo("\n".join(line for admission in found for line in _lines(snapshot, admission)))


def _lines(snapshot: Snapshot, admission: Admission) -> list[str]:
    """An admission with its file, its record and what its review waits for, wrapped to the terminal."""
    pair = "/".join(admission.pair)
    is_broken = refuses(list(problems(admission, snapshot.policy, snapshot.formats, now=snapshot.now)))
    show = remedy(f"sotctl admission show {shlex.quote(admission.path)}", columns() or 80, "  broken: ")
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
