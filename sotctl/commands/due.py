"""List the decisions that are due for review."""

from __future__ import annotations

import click

from sotctl.admissions.review import Due, When, due
from sotctl.app.app import App
from sotctl.app.points import day, end_of
from sotctl.app.verb import verb
from sotctl.report.terminal import wrapped
from sotctl.result import Result

GROUP = "look"


@verb(example="sotctl due --as-of 2027-01-31")
@click.option("--as-of", metavar="DATE", help="Measure from the end of that day (YYYY-MM-DD, UTC) instead of now.")
def command(app: App, as_of: str | None) -> Result:
    """List review triggers: past, within warn_days, later, and conditions to look at; exits with 1 when one is past."""
    snapshot = app.snapshot
    now = end_of(day(as_of, "sotctl due --as-of")) if as_of else snapshot.now
    entries = due(snapshot, now=now, warn_days=snapshot.policy.warn_days)
    return Result(
        type="sotctl.due/v1",
        values={"due": [_row(entry) for entry in entries]},
        text="\n".join(line for entry in entries for line in _lines(entry))
        or "no decision in force has a review trigger",
        exit_code=int(any(entry.when is When.PAST for entry in entries)),
    )


def _lines(entry: Due) -> list[str]:
    is_near = entry.when in (When.PAST, When.SOON)
    next_ = [f"{'':<9}  next  sotctl decide {entry.record.issue}"] if is_near else []
    pair = "/".join(entry.record.named) or entry.record.document.text("decision_status")
    return [*wrapped(f"{entry.record.id}  {pair}  {entry.trigger}", f"{entry.when:<9}  "), *next_]


def _row(entry: Due) -> dict[str, object]:
    return {
        "record_id": entry.record.id,
        "issue": entry.record.issue,
        "when": entry.when,
        "review_by": entry.review_by.isoformat() if entry.review_by else None,
        "review_trigger": entry.trigger,
    }
