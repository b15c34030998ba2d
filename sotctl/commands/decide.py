"""Decide an issue at a prompt: record, admission and commit together."""

from __future__ import annotations

import sys

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.decision import Session
from sotctl.app.given_answers import given_answers
from sotctl.app.undecide import undo_decision
from sotctl.app.verb import refuse_both, verb
from sotctl.decisions.planning import active_record
from sotctl.documents.snapshot import Snapshot
from sotctl.result import Result

GROUP = "decide"


@verb(example="sotctl decide CTO-WORK-020\nsotctl decide CTO-WORK-020 --answers answers.yaml --yes", writes=True)
@click.argument("issue_id", metavar="[ISSUE]", required=False, shell_complete=completion.decidable)
@click.option(
    "--answers", metavar="FILE", help="Answers as a YAML or JSON mapping of the template's fields; - reads stdin."
)
@click.option(
    "--set", "pairs", multiple=True, metavar="FIELD=VALUE", help="One answer; may be repeated, also for a list."
)
@click.option("--yes", is_flag=True, help="Approve without a prompt; the answers must be complete.")
@click.option("--undo", is_flag=True, help="Take back the decision that HEAD is, if it was not pushed.")
def command(
    app: App, issue_id: str | None, answers: str | None, pairs: tuple[str, ...], yes: bool, undo: bool
) -> Result:
    """Record the decision on ISSUE; without ISSUE, list those that can be decided.

    At a terminal it asks, shows everything that would be written, and approves only after the exact pair has been
    typed. Elsewhere --answers and --set give every field, and --yes stands for the typed pair.
    """
    refuse_both("--undo", undo, "--answers, --set or --yes", bool(answers or pairs or yes))
    if undo:
        return undo_decision(app, issue_id)
    if issue_id is None:
        return _decidable(app.snapshot)
    session = Session(app, issue_id)
    given = given_answers(app, session.schema, answers, pairs)
    if yes or app.dry_run or not sys.stdin.isatty() or answers == "-":
        return session.decide(given, confirmed=yes)
    return session.ask(given)


def _decidable(snapshot: Snapshot) -> Result:
    """The issues that a decision template governs, each with what is decided on it."""
    rows = []
    for issue in snapshot.issues():
        if snapshot.templates.deciding(issue.id) is None:
            continue
        record = active_record(snapshot, issue.id)
        decided = ("/".join(record.named) or record.document.text("decision_status")) if record else None
        rows.append({"id": issue.id, "title": issue.title, "status": issue.status, "decided": decided})
    lines = [
        f"{row['id']}  {row['status']}  {row['decided'] or 'not decided'}\n    sotctl decide {row['id']}"
        for row in rows
    ]
    none = "no issue can be decided: sotctl config decisions.provider-decision --add ISSUE"
    return Result(type="sotctl.decidable/v1", values={"issues": rows}, text="\n".join(lines) or none)
