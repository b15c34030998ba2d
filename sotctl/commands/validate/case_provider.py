"""Show that nothing but the admitted pair starts a process."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from sotctl.admission.trials import trials
from sotctl.commands._options import json_option
from sotctl.commands._shared import print_json
from sotctl.commands._trials import Outcome, TrialRoom
from sotctl.commands._verb import Verb
from sotctl.repository.store import utc_now


@click.command(cls=Verb, epilog="sotctl validate case-provider --json")
@json_option
def command(as_json: bool) -> None:
    """Run every negative gate on synthetic admissions, each in front of a process that would leave a mark.

    Needs no store. Exits with 1 when a trial does not end with the status and reason it must.
    """
    outcomes = run_trials()
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
        _tell(outcomes, passed=passed)
    raise SystemExit(0 if passed else 1)


def run_trials() -> list[Outcome]:
    """The outcome of every trial, in a repository of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sotctl-trials-") as folder:
        return list(TrialRoom(Path(folder), trials(utc_now())).run())


def _tell(outcomes: list[Outcome], *, passed: bool) -> None:
    for outcome in outcomes:
        if not outcome.is_right:
            started = ", and a process was started" if outcome.process_started else ""
            expected = f"{outcome.trial.status}/{outcome.trial.reason}"
            click.echo(f"wrong   {outcome.trial.name}: {outcome.status}/{outcome.reason}, not {expected}{started}")
    blocked = sum(not outcome.process_started for outcome in outcomes)
    click.echo(f"{'pass' if passed else 'fail'}    {len(outcomes)} trials, {blocked} blocked before any process")
