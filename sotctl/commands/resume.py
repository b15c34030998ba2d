"""Continue a decision that was left or refused."""

from __future__ import annotations

import sys

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.decision import Session
from sotctl.app.verb import verb
from sotctl.errors import Command, SotError, UsageError
from sotctl.result import Result
from sotctl.store.drafts import drafts

GROUP = "decide"


@verb(example="sotctl resume\nsotctl resume CTO-WORK-020", writes=True)
@click.argument("issue_id", required=False, metavar="[ISSUE]", shell_complete=completion.issues)
def command(app: App, issue_id: str | None) -> Result:
    """Continue with the answers that were kept for ISSUE, or for the only issue that has some."""
    kept = drafts(app.store)
    if not kept or (issue_id and issue_id not in kept):
        raise SotError(
            f"no answers are kept{f' for {issue_id}' if issue_id else ''}",
            hint=Command(f"sotctl decide {issue_id}" if issue_id else "sotctl decide"),
        )
    if issue_id is None and len(kept) > 1:
        raise UsageError(f"answers are kept for {', '.join(kept)}; name one", hint=Command(f"sotctl resume {kept[0]}"))
    if not sys.stdin.isatty():
        raise UsageError(
            "resume asks at a terminal", hint=Command(f"sotctl decide {issue_id or kept[0]} --answers FILE --yes")
        )
    return Session(app, issue_id or kept[0]).ask({})
