"""Take the git hooks out and put back what was there before."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.commands._options import json_option
from sotctl.commands._verb import Verb
from sotctl.commands.hooks.status import place_of, repository_option, tell
from sotctl.hooks.install import uninstall


@click.command(cls=Verb, epilog="sotctl hooks uninstall")
@repository_option
@json_option
def command(repo: Path | None, as_json: bool) -> None:
    """Remove the hooks; those they were chained to are back in their place."""
    tell(uninstall(place_of(repo)[0]), as_json=as_json)
