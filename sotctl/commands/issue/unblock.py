"""Say that blockers are gone, and why."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.options import json_option, refuse_both, store_option, write_options
from sotctl.app.settle import is_at_terminal, require_open, settle, still_there, unnumbered
from sotctl.app.shared import store_here
from sotctl.app.verb import Verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Bullet
from sotctl.errors import UsageError
from sotctl.issues.settling import Settled, parse_numbers, require_bullets


@click.command(cls=Verb, epilog='sotctl issue unblock CTO-WORK-020 1 2 --because "approved in CTO-WORK-020-DR-001"')
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("numbers", nargs=-1, metavar="[N...]")
@click.option("--all", "every", is_flag=True, help="Every blocker that is open.")
@click.option("--because", default="", metavar="TEXT", help="Why it is gone; it stands at the end of the bullet.")
@write_options
@json_option
@store_option
def command(
    issue_id: str,
    numbers: tuple[str, ...],
    every: bool,
    because: str,
    dry_run: bool,
    no_commit: bool,
    as_json: bool,
) -> None:
    """Clear blockers N of ISSUE in one commit: ` (cleared DATE: TEXT)` is added to each bullet.

    N is a number or a range such as 2-4. Without N, the open blockers are offered at a terminal; elsewhere they are
    listed with their numbers, and the exit status is 2.
    """
    refuse_both("--all", every, "numbers", numbers)
    chosen = parse_numbers(numbers)
    snapshot = store_here().snapshot()
    issue = require_issue(snapshot, issue_id)[1]
    require_bullets(issue, Settled.CLEARED, chosen)
    if every or not chosen:
        open_ = require_open(snapshot, issue, Settled.CLEARED)
        if not every and not is_at_terminal():
            raise unnumbered(issue, Settled.CLEARED, open_)
        chosen = open_ if every else _ask(issue_id, [issue.blocked_by[number - 1] for number in open_])
    if not because:
        if not is_at_terminal():
            named = "--all" if every else " ".join(map(str, chosen))
            hint = f"sotctl issue unblock {issue_id} {named} --because TEXT"
            raise UsageError("say why the blocker is gone", hint=hint)
        from sotctl.prompts.bullets import ask_because

        because = ask_because()
    texts = dict.fromkeys(chosen, because)
    if not numbers:
        texts = still_there(issue, Settled.CLEARED, texts)
    settle(issue_id, Settled.CLEARED, texts, dry_run=dry_run, no_commit=no_commit, as_json=as_json)


def _ask(issue_id: str, bullets: list[Bullet]) -> list[int]:
    from sotctl.prompts.bullets import ask_blockers

    return ask_blockers(issue_id, bullets)
