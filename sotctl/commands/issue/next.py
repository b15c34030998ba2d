"""What can be worked on, and what would unblock most."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sotctl.app.options import json_option, store_option
from sotctl.app.shared import print_json, store_here
from sotctl.app.verb import Verb
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.issues.graph import Candidate, candidates
from sotctl.issues.moves import open_blockers
from sotctl.issues.planning import MAX_NAMED
from sotctl.report.formats.text import wrapped


@click.command(cls=Verb, epilog="sotctl issue next")
@json_option
@store_option
def command(as_json: bool) -> None:
    """List the issues that wait for nothing, those first that most others wait for."""
    snapshot = store_here().snapshot()
    issues = list(snapshot.issues())
    found = candidates(issues)
    if as_json:
        print_json("sotctl.issue-next/v1", {"issues": [_row(entry) for entry in found]})
        return
    if not found:
        click.echo("\n".join(_waiting(snapshot, issues)))
    for entry in found:
        click.echo(f"{entry.issue.id}  {entry.issue.status}  {entry.issue.title}")
        if entry.unblocks:
            click.echo(f"    unblocks {', '.join(entry.unblocks)}")


def _waiting(snapshot: Snapshot, issues: Sequence[Issue]) -> list[str]:
    """What the blocked issues wait for, where nothing can be worked on."""
    blocked = [issue for issue in issues if issue.status == "blocked"]
    lines = ["nothing can be worked on"]
    for issue in blocked[:MAX_NAMED]:
        lines += wrapped(f"{issue.id} waits for:", "")
        lines += [line for _, found in open_blockers(snapshot, issue) for line in wrapped(found.message, "  - ")]
        lines.append(f"  sotctl issue show {issue.id}")
    if len(blocked) > MAX_NAMED:
        lines.append(f"and {len(blocked) - MAX_NAMED} more: sotctl issue list --status blocked")
    return lines


def _row(entry: Candidate) -> dict[str, object]:
    issue = entry.issue
    return {"id": issue.id, "status": issue.status, "title": issue.title, "unblocks": list(entry.unblocks)}
