"""Show which hooks are live."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.quote import shown
from sotctl.errors import SotError
from sotctl.git.repository import Git
from sotctl.hooks.install import HookStatus, State, status
from sotctl.hooks.work_trees import WorkTreeHooks, other_work_trees
from sotctl.result import Result
from sotctl.store.store import work_tree_of

repository_option = click.option(
    "--repo",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The repository (default: the one around the working directory).",
)


@verb(example="sotctl hooks status", store=False)
@click.option("--server", is_flag=True, help="Look at what belongs on a server.")
@repository_option
def command(app: App, server: bool, repo: Path | None) -> Result:
    """Show the state of every hook; exits with 1 unless all are live."""
    git, place = place_of(repo, server=server)
    others = other_work_trees(git) if place == "clone" else []
    return hooks_result(status(git, place=place), others, place=place)


def place_of(repo: Path | None, *, server: bool = False) -> tuple[Git, str]:
    """The repository, and whether it is a clone or on a server.

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


def hooks_result(
    statuses: Sequence[HookStatus], others: Sequence[WorkTreeHooks] = (), *, place: str = "clone"
) -> Result:
    """The state of the hooks here and in *others*, and where one is not live, what installs it.

    The status is 1 unless all are live.
    """
    width = max(len(hook.name) for hook in statuses)
    lines = [
        f"{hook.name:<{width}}  {hook.state}" + (f", with {hook.chained.name}" if hook.chained else "")
        for hook in statuses
    ]
    are_live = all(hook.state is State.LIVE for hook in statuses)
    if not are_live:
        lines.append(f"next  sotctl hooks install{' --server' if place == 'server' else ''}")
    bare = [tree for tree in others if not tree.is_guarded]
    for tree in bare:
        lines += [shown(tree.message), f"next  sotctl hooks install --repo {shlex.quote(str(tree.path))}"]
    hooks = [
        {
            "name": hook.name,
            "state": hook.state,
            "path": str(hook.path),
            "chained": str(hook.chained) if hook.chained else None,
        }
        for hook in statuses
    ]
    return Result(
        type="sotctl.hooks/v1",
        values={
            "hooks": hooks,
            "work_trees": [{"path": str(tree.path), "guarded": tree.is_guarded} for tree in others],
        },
        text="\n".join(lines),
        exit_code=0 if are_live and not bare else 1,
    )
