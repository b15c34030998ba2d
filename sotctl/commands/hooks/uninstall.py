"""Take the git hooks out and put back what was there before."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.options import json_option
from sotctl.app.verb import Verb
from sotctl.commands.hooks.status import place_of, repository_option, tell
from sotctl.hooks.install import OURS, status, uninstall


@click.command(cls=Verb, epilog="sotctl hooks uninstall")
@repository_option
@json_option
def command(repo: Path | None, as_json: bool) -> None:
    """Remove the hooks; those they were chained to are back in their place."""
    git, _ = place_of(repo)
    there = {hook.name: hook for place in ("clone", "server") for hook in status(git, place=place)}
    after = uninstall(git)
    if as_json:
        tell(after, as_json=True)
        return
    removed = [hook for hook in there.values() if hook.state in OURS]
    for hook in removed:
        click.echo(f"removed  {hook.name}" + (f", and the {hook.name} that was there is back" if hook.chained else ""))
    if not removed:
        click.echo("no hook of sotctl was there")
