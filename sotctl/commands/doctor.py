"""Name every way past the gate that is open in this repository, and how to close it."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.commands.hooks.status import place_of, repository_option
from sotctl.documents.quote import counted
from sotctl.hooks.ways_past import NEVER_CLOSED, Weight, ways_past
from sotctl.report.formats.text import wrapped
from sotctl.result import Result

GROUP = "check"


@verb(example="sotctl doctor\nsotctl doctor --repo /srv/git/work.git", store=False)
@click.option("--server", is_flag=True, help="Look at what belongs on a server.")
@repository_option
def command(app: App, server: bool, repo: Path | None) -> Result:
    """Look for hooks that do not run, refs that are not guarded, and history that cannot be verified.

    Exits with 1 when something gets past.
    """
    git, place = place_of(repo, server=server)
    found = ways_past(git, place=place)
    problems = [way for way in found if way.weight is Weight.PROBLEM]
    lines = []
    for way in found:
        lines += [*wrapped(way.message, f"{way.weight}: "), *wrapped(way.fix, "    fix    ")]
    heading = "What no hook can stop (sotctl history --audit finds it afterwards, a server refuses it):"
    lines += [f"{counted(len(problems), 'open way')} past the gate", "", *wrapped(heading, "")]
    lines += [line for sentence in NEVER_CLOSED for line in wrapped(sentence, "  - ")]
    ways = [{"id": way.id, "weight": way.weight, "message": way.message, "fix": way.fix} for way in found]
    return Result(
        type="sotctl.doctor/v1",
        values={"ways_past": ways, "never_closed": NEVER_CLOSED},
        text="\n".join(lines),
        exit_code=int(bool(problems)),
    )
