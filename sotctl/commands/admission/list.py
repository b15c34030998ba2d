"""List the admissions of the store."""

from __future__ import annotations

import shlex

import click

from sotctl.admission.admission import Admission, problems
from sotctl.admission.derive import admissions, issue_to_decide
from sotctl.commands._options import json_option, store_option
from sotctl.commands._shared import print_json, store_here
from sotctl.commands._verb import Verb
from sotctl.documents.library import Library
from sotctl.findings import refuses
from sotctl.report.text import columns, remedy, wrapped


@click.command(cls=Verb, epilog="sotctl admission list --json")
@json_option
@store_option
def command(as_json: bool) -> None:
    """List every admission, in force or revoked."""
    library = store_here().library()
    found = list(admissions(library))
    if as_json:
        print_json("sotctl.admissions/v1", {"admissions": [_row(admission) for admission in found]})
        return
    if not found:
        click.echo(f"no admission; next: sotctl decide {issue_to_decide(library)}")
        return
    click.echo("\n".join(line for admission in found for line in _lines(library, admission)))


def _lines(library: Library, admission: Admission) -> list[str]:
    """An admission with its file, its record and what its review waits for, wrapped to the terminal."""
    pair = "/".join(admission.pair)
    is_broken = refuses(list(problems(admission, library.policy, library.formats, now=library.now)))
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
