"""Mark acceptance bullets as met, with the evidence."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.acceptance import acceptance_of
from sotctl.app.app import App
from sotctl.app.mark import is_at_terminal, mark, require_open, still_there, unnumbered
from sotctl.app.verb import verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command, UsageError
from sotctl.issues.acceptance import offered_proofs
from sotctl.issues.marking import Mark, parse_numbers, require_bullets
from sotctl.result import Result


@verb(example='sotctl issue accept CTO-WORK-020 1 3 5-7 --evidence "run 20260601T100000Z"', writes=True)
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("numbers", nargs=-1, metavar="[N...]")
@click.option("--evidence", default="", metavar="REF", help="A reference; it stands at the end of each bullet.")
def command(app: App, issue_id: str, numbers: tuple[str, ...], evidence: str) -> Result:
    """Mark acceptance bullets N of ISSUE as met in one commit: ` (met DATE: REF)` is added to each.

    N is a number or a range such as 2-4. Without N, a checklist at a terminal shows the bullets that are not met, each
    with what may prove it: a record of a run, or a decision. Elsewhere they are listed, and the exit status is 2.
    """
    chosen = parse_numbers(numbers)
    issue = require_issue(app.snapshot, issue_id)[1]
    require_bullets(issue, Mark.MET, chosen)
    if chosen:
        if not evidence:
            hint = Command(f"sotctl issue accept {issue.id} {' '.join(map(str, chosen))} --evidence REF")
            raise UsageError("name the evidence", hint=hint)
        return mark(app, issue.id, Mark.MET, dict.fromkeys(chosen, evidence))
    open_ = require_open(app.snapshot, issue, Mark.MET)
    if not is_at_terminal():
        raise unnumbered(issue, Mark.MET, open_)
    texts = _ask(app.snapshot, issue, evidence)
    return mark(app, issue.id, Mark.MET, still_there(app, issue, Mark.MET, texts))


def _ask(snapshot: Snapshot, issue: Issue, evidence: str) -> dict[int, str]:
    from sotctl.prompts.bullets import ask_accepted

    offered = {} if evidence else offered_proofs(snapshot, issue)
    return ask_accepted(issue.id, acceptance_of(snapshot, issue), offered, evidence)
