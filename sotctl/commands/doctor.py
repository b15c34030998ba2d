"""List every open way past the hooks in this repository, and how to close it."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.commands.hooks.status import place_of, repository_option
from sotctl.documents.quote import counted
from sotctl.errors import Command
from sotctl.hooks.ways_past import NEVER_CLOSED, NEVER_CLOSED_ON_SERVERS, Weight, ways_past
from sotctl.report.terminal import wrapped
from sotctl.result import Result

GROUP = "check"


@verb(example="sotctl doctor\nsotctl doctor --repo /srv/git/work.git", store=False)
@click.option("--server", is_flag=True, help="Look at what belongs on a server.")
@repository_option
def command(app: App, server: bool, repo: Path | None) -> Result:
    """Look for hooks that do not run, refs that are not guarded, and history that cannot be verified.

    Exits with 1 when there is one.
    """
    git, place = place_of(repo, server=server)
    found = ways_past(git, place=place)
    problems = [way for way in found if way.weight is Weight.PROBLEM]
    lines = []
    for way in found:
        lines += wrapped(way.message, f"{way.weight}: ")
        lines += [f"    fix    {way.fix}"] if isinstance(way.fix, Command) else wrapped(way.fix, "    fix    ")
    never_closed = NEVER_CLOSED_ON_SERVERS if place == "server" else NEVER_CLOSED
    after = "" if place == "server" else ", a server refuses it"
    heading = f"What no hook can stop (sotctl history --audit{' in a clone' * (not after)} finds it afterwards{after}):"
    lines += [f"{counted(len(problems), 'open way')} past the gate", "", *wrapped(heading)]
    lines += [line for sentence in never_closed for line in wrapped(sentence, "  - ")]
    ways = [{"id": way.id, "weight": way.weight, "message": way.message, "fix": way.fix} for way in found]
    return Result(
        type="sotctl.doctor/v1",
        values={"ways_past": ways, "never_closed": never_closed},
        text="\n".join(lines),
        exit_code=int(bool(problems)),
    )
