"""Say that a blocker is gone, and why."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.settle import settle
from sotctl.app.verb import verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import UsageError
from sotctl.issues.moves import open_blockers
from sotctl.report.formats.text import wrapped
from sotctl.result import Result


@verb(example='sotctl issue unblock CTO-WORK-020 1 --because "approved in CTO-WORK-020-DR-001"', writes=True)
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("number", type=int, required=False, metavar="[N]")
@click.option("--because", default="", metavar="TEXT", help="Why it is gone; it stands at the end of the bullet.")
def command(app: App, issue_id: str, number: int | None, because: str) -> Result:
    """Clear blocker N of ISSUE: ` (cleared DATE: TEXT)` is added to the bullet.

    Without N, the open blockers are listed with their numbers, and the exit status is 2.
    """
    if number is None:
        raise _unnumbered(app.snapshot, issue_id)
    if not because:
        raise UsageError("say why the blocker is gone", hint=f"sotctl issue unblock {issue_id} {number} --because TEXT")
    return settle(app, issue_id, number, "cleared", because)


def _unnumbered(snapshot: Snapshot, issue_id: str) -> UsageError:
    """What to say where the blocker is not named."""
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
