"""Tell which hooks are live."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sotctl.commands._shared import json_option, print_json
from sotctl.hooks.install import HookStatus, status
from sotctl.repository.git import Git
from sotctl.repository.store import work_tree_of


@click.command(epilog="For example:  sotctl hooks status")
@json_option
def command(as_json: bool) -> None:
    """Show the state of every hook; exits with 1 unless all are live."""
    statuses = status(Git(work_tree_of(Path.cwd())))
    tell(statuses, as_json=as_json)
    raise SystemExit(0 if all(hook.state == "live" for hook in statuses) else 1)


def tell(statuses: Sequence[HookStatus], *, as_json: bool) -> None:
    """Print the state of the hooks."""
    if as_json:
        hooks = [
            {"name": hook.name, "state": hook.state, "path": str(hook.path), "chained": hook.chained}
            for hook in statuses
        ]
        print_json("sotctl.hooks/v1", {"hooks": hooks})
        return
    width = max(len(hook.name) for hook in statuses)
    for hook in statuses:
        click.echo(f"{hook.name:<{width}}  {hook.state}" + (", after a hook of yours" if hook.chained else ""))
    if any(hook.state != "live" for hook in statuses):
        click.echo("next  sotctl hooks install")
