"""Print the JSON Schema of a document kind, for editors and other tools."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from sotctl.app import completion
from sotctl.app.options import store_option
from sotctl.app.shared import print_json
from sotctl.app.verb import Verb
from sotctl.documents import layout
from sotctl.documents.quote import did_you_mean, quote
from sotctl.documents.templates import Templates
from sotctl.errors import UsageError
from sotctl.store.absent import NoStoreError
from sotctl.store.store import open_store


@click.command(cls=Verb, epilog="sotctl schema provider-decision > decision.schema.json")
@click.argument("kind", required=False, shell_complete=completion.kinds)
@click.option("--json", "as_json", is_flag=True, help="List the kinds as JSON.")
@store_option
def command(kind: str | None, as_json: bool) -> None:
    """Print the schema of KIND, or list the kinds.

    The templates of the store are used where there is one. Written over one of them, it is the committed one.
    """
    templates = _templates()
    if kind is None:
        if as_json:
            print_json("sotctl.schemas/v1", {"kinds": templates.kinds()})
        else:
            width = max(len(name) for name in templates.kinds())
            for name in templates.kinds():
                click.echo(f"{name:<{width}}  {templates.schema(name).root.get('description', '')}")
        return
    if kind not in templates.kinds():
        raise UsageError(f"there is no kind {quote(kind)}{did_you_mean(kind, templates.kinds())}", hint="sotctl schema")
    click.echo(json.dumps(templates.schema(kind).root, indent=2))


def _templates() -> Templates:
    try:
        store = open_store()
    except NoStoreError:
        return Templates()
    if _is_stdout_in(store.top / store.folder / layout.TEMPLATES):
        return store.snapshot(store.commit_tree()).templates
    return store.snapshot().templates


def _is_stdout_in(folder: Path) -> bool:
    """Whether stdout is a file in *folder*: the shell has emptied it by now, and HEAD has what it held."""
    try:
        out = os.fstat(sys.stdout.fileno())
        return any(os.path.samestat(out, file.stat()) for file in folder.iterdir())
    except (OSError, ValueError):  # no such folder, or stdout is no file
        return False
