"""Print the JSON Schema of a document kind, for editors and other tools."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents import layout
from sotctl.documents.quote import did_you_mean, quote
from sotctl.documents.templates import Templates
from sotctl.errors import Command, UsageError
from sotctl.result import Result
from sotctl.store.absent import NoStoreError

GROUP = "set up"


@verb(example="sotctl schema provider-decision > decision.schema.json")
@click.argument("kind", required=False, shell_complete=completion.kinds)
def command(app: App, kind: str | None) -> Result:
    """Print the schema of KIND, or list the kinds.

    In a store, its own templates count. Where the output goes into one of these files, which the shell has emptied by
    then, the committed template is printed.
    """
    templates = _templates(app)
    if kind is None:
        width = max(len(name) for name in templates.kinds())
        rows = [f"{name:<{width}}  {templates.schema(name).root.get('description', '')}" for name in templates.kinds()]
        return Result(type="sotctl.schemas/v1", values={"kinds": templates.kinds()}, text="\n".join(rows))
    if kind not in templates.kinds():
        raise UsageError(
            f"there is no kind {quote(kind)}{did_you_mean(kind, templates.kinds())}", hint=Command("sotctl schema")
        )
    return Result(type="sotctl.schemas/v1", document=json.dumps(templates.schema(kind).root, indent=2))


def _templates(app: App) -> Templates:
    try:
        store = app.store
    except NoStoreError:
        return Templates()
    if _is_stdout_in(store.top / store.folder / layout.TEMPLATES):
        return store.snapshot(store.commit_tree()).templates
    return app.snapshot.templates


def _is_stdout_in(folder: Path) -> bool:
    """Whether stdout is a file in *folder*: the shell has emptied it by now, and HEAD has what it held."""
    try:
        out = os.fstat(sys.stdout.fileno())
        return any(os.path.samestat(out, file.stat()) for file in folder.iterdir())
    except (OSError, ValueError):  # no such folder, or stdout is no file
        return False
