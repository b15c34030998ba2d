"""Install the git hooks and keep existing ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.commands.hooks.status import hooks_result, place_of, repository_option
from sotctl.documents.quote import quote
from sotctl.errors import UsageError
from sotctl.hooks.install import install
from sotctl.hooks.work_trees import install_in_others
from sotctl.result import Result


@verb(example="sotctl hooks install\nsotctl hooks install --server --repo /srv/git/work.git", store=False)
@click.option("--server", is_flag=True, help="Install what belongs on a server: pre-receive and reference-transaction.")
@click.option("--guard", "guarded", multiple=True, metavar="REF", help="Guard these refs too; a prefix ends in /.")
@click.option("--shared", is_flag=True, help="Install even where the hooks serve other repositories too.")
@repository_option
def command(app: App, server: bool, guarded: tuple[str, ...], shared: bool, repo: Path | None) -> Result:
    """Install the hooks; an existing hook is kept and runs first."""
    for ref in guarded:
        if not ref.startswith("refs/") or set(ref) & set(" '\"\\*?[~^:|)(;&$`"):
            raise UsageError(f"{quote(ref)} is no ref", hint="a whole name, or a prefix that ends in /, from refs/ on")
    git, place = place_of(repo, server=server)
    installed = install(git, place=place, guarded=guarded, shared=shared)
    others = install_in_others(git, guarded) if place == "clone" else []
    return replace(hooks_result(installed, others, place=place), exit_code=0)
