"""Clear blockers, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.mark import is_at_terminal, mark, require_open, still_there, unnumbered
from sotctl.app.verb import refuse_both, verb
from sotctl.decisions.planning import active_record, require_issue
from sotctl.documents.issues import Issue
from sotctl.errors import Command, UsageError
from sotctl.issues.marking import Mark, parse_numbers, require_bullets
from sotctl.result import Result


@verb(example='sotctl issue unblock CTO-WORK-020 1 2 --because "approved in CTO-WORK-020-DR-001"', writes=True)
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("numbers", nargs=-1, metavar="[N...]", shell_complete=completion.blockers)
@click.option("--all", "every", is_flag=True, help="Every blocker that is open.")
@click.option("--because", default="", metavar="TEXT", help="Why it is gone; it stands at the end of the bullet.")
def command(app: App, issue_id: str, numbers: tuple[str, ...], every: bool, because: str) -> Result:
    """Clear blockers N of ISSUE in one commit: ` (cleared DATE: TEXT)` is added to each bullet.

    N is a number or a range such as 2-4. Without N, the open blockers are offered at a terminal; elsewhere they are
    listed with their numbers, and the exit status is 2.
    """
    refuse_both("--all", every, "a number", numbers)
    issue = require_issue(app.snapshot, issue_id)[1]
    return unblock(app, issue, parse_numbers(numbers), because, every=every)


def unblock(app: App, issue: Issue, numbers: Sequence[int], because: str = "", *, every: bool = False) -> Result:
    """Clear blockers of an issue; without *numbers* the open ones are all cleared, or offered at a terminal."""
    require_bullets(issue, Mark.CLEARED, numbers)
    chosen = numbers or require_open(app.snapshot, issue, Mark.CLEARED)
    if not numbers and not every:
        if not is_at_terminal():
            raise unnumbered(issue, Mark.CLEARED, chosen)
        from sotctl.prompts.bullets import ask_blockers

        chosen = ask_blockers(issue.id, [issue.blocked_by[number - 1] for number in chosen])
    if not because:
        if not is_at_terminal():
            named = "--all" if every else " ".join(map(str, chosen))
            hint = Command(f"sotctl issue unblock {issue.id} {named} --because TEXT")
            raise UsageError("say why the blocker is gone", hint=hint)
        from sotctl.prompts.bullets import ask_because

        record = active_record(app.snapshot, issue.id)
        because = ask_because([record.id] if record and record.is_approved else [])
    texts = dict.fromkeys(chosen, because)
    return mark(app, issue.id, Mark.CLEARED, texts if numbers else still_there(app, issue, Mark.CLEARED, texts))
