"""Show that nothing but the admitted pair starts a process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.gate.trial_runs import Outcome, TrialRoom
from sotctl.gate.trials import trials
from sotctl.report.terminal import wrapped
from sotctl.result import Result
from sotctl.store.store import utc_now


@verb(example="sotctl validate case-provider --json", store=False)
def command(app: App) -> Result:
    """Run every negative gate on synthetic admissions, each in front of a process that would leave a mark.

    Needs no store. Exits with 1 when a trial does not end with the status and reason it must.
    """
    outcomes = list(run_trials())
    wrong = [outcome for outcome in outcomes if not outcome.is_right]
    blocked = sum(not outcome.process_started for outcome in outcomes)
    summary = f"{'fail' if wrong else 'pass'}    {len(outcomes)} trials, {blocked} blocked before any process"
    return Result(
        type="sotctl.validate-case-provider/v1",
        values={
            "status": "fail" if wrong else "pass",
            "counted": {
                "trials": len(outcomes),
                "right": len(outcomes) - len(wrong),
                "processes_started": len(outcomes) - blocked,
            },
            "trials": [outcome.to_json() for outcome in outcomes],
        },
        text="\n".join([*(line for outcome in wrong for line in _lines(outcome)), summary]),
        exit_code=int(bool(wrong)),
    )


def run_trials() -> Iterator[Outcome]:
    """The outcome of every trial, as each ends, in a temporary repository."""
    with tempfile.TemporaryDirectory(prefix="sotctl-trials-") as folder:
        yield from TrialRoom(Path(folder), trials(utc_now())).run()


def _lines(outcome: Outcome) -> list[str]:
    """A trial that did not end as expected."""
    started = ", and a process was started" if outcome.process_started else ""
    said, expected = f"{outcome.status}/{outcome.reason}", f"{outcome.trial.status}/{outcome.trial.reason}"
    return wrapped(f"{outcome.trial.name}: {said}, not {expected}{started}", "wrong   ")
