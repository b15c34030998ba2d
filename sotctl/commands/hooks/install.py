"""Install the git hooks beside those that are there."""

from __future__ import annotations

from pathlib import Path

import click

from sotctl.app.options import json_option
from sotctl.app.verb import Verb
from sotctl.commands.hooks.status import place_of, repository_option, tell
from sotctl.documents.quote import quote
from sotctl.errors import UsageError
from sotctl.hooks.install import install


@click.command(cls=Verb, epilog="sotctl hooks install\nsotctl hooks install --server --repo /srv/git/work.git")
@click.option("--server", is_flag=True, help="Install what belongs on a server: pre-receive and reference-transaction.")
@click.option("--guard", "guarded", multiple=True, metavar="REF", help="Guard these refs too; a prefix ends in /.")
@click.option("--shared", is_flag=True, help="Install even where the hooks serve other repositories too.")
@repository_option
@json_option
def command(server: bool, guarded: tuple[str, ...], shared: bool, repo: Path | None, as_json: bool) -> None:
    """Install the hooks; one that is there already runs first."""
    for ref in guarded:
        if not ref.startswith("refs/") or set(ref) & set(" '\"\\*?[~^:|)(;&$`"):
            raise UsageError(f"{quote(ref)} is no ref", hint="a whole name, or a prefix that ends in /, from refs/ on")
    git, place = place_of(repo, server=server)
    tell(install(git, place=place, guarded=guarded, shared=shared), as_json=as_json, place=place)
