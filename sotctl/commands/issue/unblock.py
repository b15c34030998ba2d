"""Say that a blocker is gone, and why."""

from __future__ import annotations

import click

from sotctl.admission.decide import require_issue
from sotctl.admission.moves import open_blockers
from sotctl.commands import _complete
from sotctl.commands._options import json_option, store_option, write_options
from sotctl.commands._shared import store_here
from sotctl.commands._verb import Verb
from sotctl.commands.issue._settle import settle
from sotctl.errors import UsageError
from sotctl.report.text import wrapped


@click.command(cls=Verb, epilog='sotctl issue unblock CTO-WORK-020 1 --because "approved in CTO-WORK-020-DR-001"')
@click.argument("issue_id", metavar="ISSUE", shell_complete=_complete.issues)
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
    library = store_here().library()
    _, issue = require_issue(library, issue_id)
    blockers = [bullet for bullet, _ in open_blockers(library, issue)]
    if not blockers:
        return UsageError(f"{issue_id} has no open blocker", hint=f"sotctl issue show {issue_id}")
    lines = [line for bullet in blockers for line in wrapped(bullet.text, f"  {bullet.number}  ")]
    return UsageError(
        "\n".join([f"name the blocker of {issue_id} that is gone", *lines]),
        hint=f"sotctl issue unblock {issue_id} {blockers[0].number} --because TEXT",
        details={"blockers": [{"number": bullet.number, "text": bullet.text} for bullet in blockers]},
    )
