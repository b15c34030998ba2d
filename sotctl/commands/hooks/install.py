"""Install the git hooks beside those that are there."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.commands._shared import json_option
from sotctl.commands.hooks.status import tell
from sotctl.hooks.install import install
from sotctl.repository.git import Git
from sotctl.repository.store import work_tree_of


@click.command(epilog="For example:  sotctl hooks install")
@json_option
def command(as_json: bool) -> None:
    """Install the hooks; one that is there already runs first."""
    tell(install(Git(work_tree_of(Path.cwd()))), as_json=as_json)
