"""Say that a blocker is gone, and why."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.settle import settle
from sotctl.app.shared import store_here
from sotctl.app.verb import Verb
from sotctl.decisions.planning import require_issue
from sotctl.errors import UsageError
from sotctl.issues.moves import open_blockers
from sotctl.report.formats.text import wrapped


@click.command(cls=Verb, epilog='sotctl issue unblock CTO-WORK-020 1 --because "approved in CTO-WORK-020-DR-001"')
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("number", type=int, required=False, metavar="[N]")
@click.option("--because", default="", metavar="TEXT", help="Why it is gone; it stands at the end of the bullet.")
@write_options
@json_option
@store_option
def command(issue_id: str, number: int | None, because: str, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Clear blocker N of ISSUE: ` (cleared DATE: TEXT)` is added to the bullet.

    Without N, the open blockers are listed with their numbers, and the exit status is 2.
    """
    if number is None:
        raise _unnumbered(issue_id)
    if not because:
        raise UsageError("say why the blocker is gone", hint=f"sotctl issue unblock {issue_id} {number} --because TEXT")
    settle(issue_id, number, "cleared", because, dry_run=dry_run, no_commit=no_commit, as_json=as_json)


def _unnumbered(issue_id: str) -> UsageError:
    """What to say where the blocker is not named."""
    snapshot = store_here().snapshot()
    _, issue = require_issue(snapshot, issue_id)
    blockers = [bullet for bullet, _ in open_blockers(snapshot, issue)]
    if not blockers:
        return UsageError(f"{issue_id} has no open blocker", hint=f"sotctl issue show {issue_id}")
    lines = [line for bullet in blockers for line in wrapped(bullet.text, f"  {bullet.number}  ")]
    return UsageError(
        "\n".join([f"name the blocker of {issue_id} that is gone", *lines]),
        hint=f"sotctl issue unblock {issue_id} {blockers[0].number} --because TEXT",
        details={"blockers": [{"number": bullet.number, "text": bullet.text} for bullet in blockers]},
    )
