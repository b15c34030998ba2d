"""Show an issue, record, admission or evidence record by its id, as it is written."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.names import Kind, Named, find
from sotctl.app.points import revision_at
from sotctl.app.verb import verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.snapshot import Snapshot
from sotctl.result import Result

GROUP = "look"


@verb(example="sotctl show CTO-WORK-020\nsotctl show 020 --at 2026-06-01\nsotctl show openai-codex/gpt-5.5")
@click.argument("name", metavar="ID", shell_complete=completion.names)
@click.option("--at", "point", metavar="DATE|COMMIT", help="As it stood at the end of that day (UTC), or in a commit.")
def command(app: App, name: str, point: str | None) -> Result:
    """Show the issue, decision record, admission or evidence record called ID.

    ID may be shortened to what is unambiguous: `020` for CTO-WORK-020.
    """
    snapshot, commit = app.snapshot, None
    if point is not None:
        commit = revision_at(app.store, point)
        snapshot = app.store.snapshot(app.store.commit_tree(commit))
    found = find(snapshot, name)
    text, line = _written(snapshot, found)
    return Result(
        type="sotctl.show/v1",
        values={
            "kind": found.kind,
            "id": found.name,
            "path": found.path,
            "line": line,
            "commit": commit,
            "text": text,
        },
        text=f"{found.path}:{line}" + (f" in {commit[:12]}" if commit else "") + f"\n\n{text.rstrip()}",
    )


def _written(snapshot: Snapshot, found: Named) -> tuple[str, int]:
    """The text as it is written, and the line where it begins."""
    if found.kind is Kind.ISSUE:
        document, issue = require_issue(snapshot, found.name)
        return document.document.source[issue.start : issue.end].decode("utf-8", "replace"), issue.line
    return (snapshot.read(found.path) or b"").decode("utf-8", "replace"), 1
