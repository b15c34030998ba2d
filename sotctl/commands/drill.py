"""Try the ways past the gate on a throwaway clone of this repository."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.options import json_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb
from sotctl.git.repository import Git
from sotctl.hooks.drill import drill
from sotctl.hooks.ways_past import NEVER_CLOSED
from sotctl.report.formats.text import wrapped
from sotctl.store.store import work_tree_of


@click.command(cls=Verb, epilog="sotctl drill")
@json_option
def command(as_json: bool) -> None:
    """Try to get a made-up secret, or a broken document, onto a branch, and print which ways hold.

    The clone is thrown away; this repository is only read. Exits with 1 when something got past.
    """
    attempts = []
    for attempt in drill(Git(work_tree_of(Path.cwd()))):
        attempts.append(attempt)
        if not as_json:
            click.echo(f"{'holds' if attempt.holds else 'PAST !'}  {attempt.name}")
    past = sum(not attempt.holds for attempt in attempts)
    if as_json:
        tried = [{"name": attempt.name, "holds": attempt.holds} for attempt in attempts]
        print_json("sotctl.drill/v1", {"attempts": tried, "never_closed": NEVER_CLOSED})
    else:
        click.echo(f"{len(attempts) - past} of {len(attempts)} hold; not tried, as no hook can stop it:")
        for sentence in NEVER_CLOSED:
            click.echo("\n".join(wrapped(sentence, "  - ")))
    raise SystemExit(1 if past else 0)
