"""Take the git hooks out and put back what was there before."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.commands._shared import json_option
from sotctl.commands.hooks.status import tell
from sotctl.hooks.install import uninstall
from sotctl.repository.git import Git
from sotctl.repository.store import work_tree_of


@click.command(epilog="For example:  sotctl hooks uninstall")
@json_option
def command(as_json: bool) -> None:
    """Remove the hooks; those they were chained to are back in their place."""
    tell(uninstall(Git(work_tree_of(Path.cwd()))), as_json=as_json)
