"""Create the store in this repository and install the hooks."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sotctl.commands._shared import json_option, print_json, store_option
from sotctl.commands._verb import Verb
from sotctl.documents import layout
from sotctl.errors import SotError
from sotctl.hooks.install import install
from sotctl.repository.git import Git
from sotctl.repository.store import work_tree_of

ATTRIBUTES = b"# An admission is compared byte for byte: git must not convert its line ends.\n*.json -text\n"


@click.command(cls=Verb, epilog="sotctl init")
@click.option("--no-hooks", is_flag=True, help="Leave the git hooks out.")
@json_option
@store_option
def command(no_hooks: bool, as_json: bool) -> None:
    """Create what is missing of the store and install the hooks.

    Files that are there are left as they are, and nothing is committed.
    """
    named = os.environ.get("SOTCTL_STORE")
    top = work_tree_of(Path(named) if named else Path.cwd())
    store = (Path(named).resolve() if named else top) / layout.STORE
    created = _create(store)
    statuses = [] if no_hooks else install(Git(top))
    ignored = Git(top).succeeds("check-ignore", "-q", "--no-index", str(store / layout.ISSUES / "x.md"))
    where = store.relative_to(top).as_posix()
    if as_json:
        hooks = {status.name: status.state for status in statuses}
        print_json("sotctl.init/v1", {"store": where, "created": created, "hooks": hooks, "ignored": ignored})
    else:
        _tell(where, created, [status.name for status in statuses])
    if ignored:
        raise SotError(
            f"git ignores {where}, so nothing in it can be committed",
            hint=f"git check-ignore -v {where}/{layout.ISSUES}/x.md",
        )


def _create(store: Path) -> list[str]:
    created = []
    try:
        for name in layout.DIRECTORIES:
            if not (store / name).is_dir():
                (store / name).mkdir(parents=True)
                created.append(f"{store.name}/{name}/")
        if not (store / ".gitattributes").exists():
            (store / ".gitattributes").write_bytes(ATTRIBUTES)
            created.append(f"{store.name}/.gitattributes")
    except OSError as error:
        raise SotError(f"cannot write {error.filename}: {error.strerror}") from error
    return created


def _tell(where: str, created: list[str], hooks: list[str]) -> None:
    click.echo(
        f"store   {where} " + (f"(created {len(created)} things)" if created else "(was there; nothing changed)")
    )
    if hooks:
        click.echo(f"hooks   {', '.join(hooks)}")
    click.echo(f"next    put an issues document into {where}/{layout.ISSUES}/, commit {where}, then: sotctl issue list")
