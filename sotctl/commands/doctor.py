"""Name every way past the gate that is open in this repository, and how to close it."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.options import json_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb
from sotctl.commands.hooks.status import place_of, repository_option
from sotctl.documents.quote import counted
from sotctl.hooks.ways_past import NEVER_CLOSED, Weight, ways_past
from sotctl.report.formats.text import wrapped


@click.command(cls=Verb, epilog="sotctl doctor\nsotctl doctor --repo /srv/git/work.git")
@click.option("--server", is_flag=True, help="Look at what belongs on a server.")
@repository_option
@json_option
def command(server: bool, repo: Path | None, as_json: bool) -> None:
    """Look for hooks that do not run, refs that are not guarded, and history that cannot be verified.

    Exits with 1 when something gets past.
    """
    git, place = place_of(repo, server=server)
    found = ways_past(git, place=place)
    problems = [way for way in found if way.weight is Weight.PROBLEM]
    if as_json:
        ways = [{"id": way.id, "weight": way.weight, "message": way.message, "fix": way.fix} for way in found]
        print_json("sotctl.doctor/v1", {"ways_past": ways, "never_closed": NEVER_CLOSED})
    else:
        for way in found:
            _echo(way.message, f"{way.weight}: ")
            _echo(way.fix, "    fix    ")
        click.echo(f"{counted(len(problems), 'open way')} past the gate")
        click.echo()
        _echo("What no hook can stop (sotctl history --audit finds it afterwards, a server refuses it):", "")
        for sentence in NEVER_CLOSED:
            _echo(sentence, "  - ")
    raise SystemExit(1 if problems else 0)


def _echo(text: str, lead: str) -> None:
    click.echo("\n".join(wrapped(text, lead)))
