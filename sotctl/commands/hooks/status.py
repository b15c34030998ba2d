"""Tell which hooks are live."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sotctl.app.options import json_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb
from sotctl.errors import SotError
from sotctl.git.repository import Git
from sotctl.hooks.install import HookStatus, State, status
from sotctl.store.store import work_tree_of

repository_option = click.option(
    "--repo",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The repository (default: the one around the working directory).",
)


@click.command(cls=Verb, epilog="sotctl hooks status")
@click.option("--server", is_flag=True, help="Look at what belongs on a server.")
@repository_option
@json_option
def command(server: bool, repo: Path | None, as_json: bool) -> None:
    """Show the state of every hook; exits with 1 unless all are live."""
    git, place = place_of(repo, server=server)
    statuses = status(git, place=place)
    tell(statuses, as_json=as_json, place=place)
    raise SystemExit(0 if all(hook.state is State.LIVE for hook in statuses) else 1)


def place_of(repo: Path | None, *, server: bool = False) -> tuple[Git, str]:
    """The repository that is meant, and whether it is a clone or lies on a server.

    Raises:
        SotError: There is no repository.
    """
    folder = repo or Path.cwd()
    if not folder.is_dir():
        raise SotError(f"there is no directory {folder}")
    found = Git(folder).run("rev-parse", "--is-bare-repository")
    if found.stdout.strip() == b"true":
        return Git(folder.resolve()), "server"
    return Git(work_tree_of(folder)), "server" if server else "clone"


def tell(statuses: Sequence[HookStatus], *, as_json: bool, place: str = "clone") -> None:
    """Print the state of the hooks, and where one is not live, what installs it."""
    if as_json:
        hooks = [
            {
                "name": hook.name,
                "state": hook.state,
                "path": str(hook.path),
                "chained": str(hook.chained) if hook.chained else None,
            }
            for hook in statuses
        ]
        print_json("sotctl.hooks/v1", {"hooks": hooks})
        return
    width = max(len(hook.name) for hook in statuses)
    for hook in statuses:
        click.echo(f"{hook.name:<{width}}  {hook.state}" + (f", with {hook.chained.name}" if hook.chained else ""))
    if any(hook.state is not State.LIVE for hook in statuses):
        click.echo(f"next  sotctl hooks install{' --server' if place == 'server' else ''}")
