"""Go on with a decision that was left or refused."""

from __future__ import annotations

import sys

import click

from sotctl.app import completion
from sotctl.app.decision import Session
from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import store_here
from sotctl.app.verb import Verb
from sotctl.errors import SotError, UsageError
from sotctl.store.drafts import drafts


@click.command(cls=Verb, epilog="sotctl resume\nsotctl resume CTO-WORK-020")
@click.argument("issue_id", required=False, metavar="[ISSUE]", shell_complete=completion.issues)
@write_options
@json_option
@store_option
def command(issue_id: str | None, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Continue with the answers that were kept for ISSUE, or for the only issue that has some."""
    store = store_here()
    kept = drafts(store)
    if not kept or (issue_id and issue_id not in kept):
        raise SotError(f"no answers are kept{f' for {issue_id}' if issue_id else ''}", hint="sotctl decide ISSUE")
    if issue_id is None and len(kept) > 1:
        raise UsageError(f"answers are kept for {', '.join(kept)}; name one", hint=f"sotctl resume {kept[0]}")
    if not sys.stdin.isatty():
        raise UsageError("resume asks at a terminal", hint="sotctl decide ISSUE --answers FILE --yes")
    Session(store, issue_id or kept[0], dry_run=dry_run, no_commit=no_commit, as_json=as_json).ask({})
