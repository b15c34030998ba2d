"""Decide an issue at a prompt: record, admission and commit together."""

from __future__ import annotations

import sys

import click

from sotctl.app import completion
from sotctl.app.decision import Session, given_answers
from sotctl.app.options import json_option, store_option, write_options
from sotctl.app.shared import store_here
from sotctl.app.verb import Verb


@click.command(cls=Verb, epilog="sotctl decide CTO-WORK-020\nsotctl decide CTO-WORK-020 --answers answers.yaml --yes")
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.option(
    "--answers", metavar="FILE", help="Answers as a YAML or JSON mapping of the template's fields; - reads stdin."
)
@click.option(
    "--set", "pairs", multiple=True, metavar="FIELD=VALUE", help="One answer; may be repeated, also for a list."
)
@click.option("--yes", is_flag=True, help="Approve without a prompt; the answers must be complete.")
@write_options
@json_option
@store_option
def command(
    issue_id: str, answers: str | None, pairs: tuple[str, ...], yes: bool, dry_run: bool, no_commit: bool, as_json: bool
) -> None:
    """Record the decision on ISSUE.

    At a terminal it asks, shows everything that would be written, and approves only after the exact pair has been
    typed. Elsewhere --answers and --set give every field, and --yes stands for the typed pair.
    """
    store = store_here()
    session = Session(store, issue_id, dry_run=dry_run, no_commit=no_commit, as_json=as_json)
    given = given_answers(session.schema, answers, pairs)
    if yes or dry_run or not sys.stdin.isatty() or answers == "-":
        session.decide(given, confirmed=yes)
    else:
        session.ask(given)
