"""Show that nothing but the admitted pair starts a process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from sotctl.app.options import json_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb
from sotctl.gate.trial_runs import Outcome, TrialRoom
from sotctl.gate.trials import trials
from sotctl.report.formats.text import wrapped
from sotctl.store.store import utc_now


@click.command(cls=Verb, epilog="sotctl validate case-provider --json")
@json_option
def command(as_json: bool) -> None:
    """Run every negative gate on synthetic admissions, each in front of a process that would leave a mark.

    Needs no store. Exits with 1 when a trial does not end with the status and reason it must.
    """
    outcomes = []
    for outcome in run_trials():
        outcomes.append(outcome)
        if not (as_json or outcome.is_right):
            _tell(outcome)
    passed = all(outcome.is_right for outcome in outcomes)
    if as_json:
        values = {
            "status": "pass" if passed else "fail",
            "counted": {
                "trials": len(outcomes),
                "right": sum(outcome.is_right for outcome in outcomes),
                "processes_started": sum(outcome.process_started for outcome in outcomes),
            },
            "trials": [outcome.to_json() for outcome in outcomes],
        }
        print_json("sotctl.validate-case-provider/v1", values)
    else:
        blocked = sum(not outcome.process_started for outcome in outcomes)
        click.echo(f"{'pass' if passed else 'fail'}    {len(outcomes)} trials, {blocked} blocked before any process")
    raise SystemExit(0 if passed else 1)


def run_trials() -> Iterator[Outcome]:
    """The outcome of every trial, as it is known, in a repository of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sotctl-trials-") as folder:
        yield from TrialRoom(Path(folder), trials(utc_now())).run()


def _tell(outcome: Outcome) -> None:
    """Print a trial that did not end as it must, as soon as that is known."""
    started = ", and a process was started" if outcome.process_started else ""
    said, expected = f"{outcome.status}/{outcome.reason}", f"{outcome.trial.status}/{outcome.trial.reason}"
    click.echo("\n".join(wrapped(f"{outcome.trial.name}: {said}, not {expected}{started}", "wrong   ")))
