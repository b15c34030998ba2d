"""Say that acceptance bullets are met, and by what."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.acceptance import judged
from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.settle import is_at_terminal, require_open, settle, still_there, unnumbered
from sotctl.app.shared import store_here
from sotctl.app.verb import Verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import UsageError
from sotctl.issues.acceptance import offered_proofs
from sotctl.issues.settling import Settled, parse_numbers, require_bullets


@click.command(cls=Verb, epilog='sotctl issue accept CTO-WORK-020 1 3 5-7 --evidence "run 20260601T100000Z"')
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("numbers", nargs=-1, metavar="[N...]")
@click.option("--evidence", default="", metavar="REF", help="A reference; it stands at the end of each bullet.")
@write_options
@json_option
@store_option
def command(
    issue_id: str, numbers: tuple[str, ...], evidence: str, dry_run: bool, no_commit: bool, as_json: bool
) -> None:
    """Mark acceptance bullets N of ISSUE as met in one commit: ` (met DATE: REF)` is added to each.

    N is a number or a range such as 2-4. Without N, a checklist at a terminal shows the bullets that are not met, each
    with what may prove it: a record of a run, or a decision. Elsewhere they are listed, and the exit status is 2.
    """
    chosen = parse_numbers(numbers)
    snapshot = store_here().snapshot()
    issue = require_issue(snapshot, issue_id)[1]
    require_bullets(issue, Settled.MET, chosen)
    if chosen:
        if not evidence:
            hint = f"sotctl issue accept {issue_id} {' '.join(map(str, chosen))} --evidence REF"
            raise UsageError("name the evidence", hint=hint)
        texts = dict.fromkeys(chosen, evidence)
    else:
        open_ = require_open(snapshot, issue, Settled.MET)
        if not is_at_terminal():
            raise unnumbered(issue, Settled.MET, open_)
        texts = still_there(issue, Settled.MET, _ask(snapshot, issue, evidence))
    settle(issue_id, Settled.MET, texts, dry_run=dry_run, no_commit=no_commit, as_json=as_json)


def _ask(snapshot: Snapshot, issue: Issue, evidence: str) -> dict[int, str]:
    from sotctl.prompts.bullets import ask_accepted

    judgements = judged(snapshot, issue)
    return ask_accepted(issue.id, judgements, {} if evidence else offered_proofs(snapshot, issue), evidence)
