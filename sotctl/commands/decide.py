"""Decide an issue at a prompt: record, admission and commit together."""

from __future__ import annotations

import sys

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.decision import Session, given_answers
from sotctl.app.verb import verb
from sotctl.result import Result

GROUP = "decide"


@verb(example="sotctl decide CTO-WORK-020\nsotctl decide CTO-WORK-020 --answers answers.yaml --yes", writes=True)
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.option(
    "--answers", metavar="FILE", help="Answers as a YAML or JSON mapping of the template's fields; - reads stdin."
)
@click.option(
    "--set", "pairs", multiple=True, metavar="FIELD=VALUE", help="One answer; may be repeated, also for a list."
)
@click.option("--yes", is_flag=True, help="Approve without a prompt; the answers must be complete.")
def command(app: App, issue_id: str, answers: str | None, pairs: tuple[str, ...], yes: bool) -> Result:
    """Record the decision on ISSUE.

    At a terminal it asks, shows everything that would be written, and approves only after the exact pair has been
    typed. Elsewhere --answers and --set give every field, and --yes stands for the typed pair.
    """
    session = Session(app, issue_id)
    given = given_answers(session.schema, answers, pairs)
    if yes or app.dry_run or not sys.stdin.isatty() or answers == "-":
        return session.decide(given, confirmed=yes)
    return session.ask(given)
