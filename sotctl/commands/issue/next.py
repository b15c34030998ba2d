"""What can be worked on, and what would unblock most."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sotctl.admission.blocking import Candidate, candidates
from sotctl.admission.move import MOST_NAMED
from sotctl.admission.moves import open_blockers
from sotctl.commands._options import json_option, store_option
from sotctl.commands._shared import print_json, store_here
from sotctl.commands._verb import Verb
from sotctl.documents.issues import Issue
from sotctl.documents.library import Library
from sotctl.report.text import wrapped


@click.command(cls=Verb, epilog="sotctl issue next")
@json_option
@store_option
def command(as_json: bool) -> None:
    """List the issues that wait for nothing, those first that most others wait for."""
    library = store_here().library()
    issues = list(library.issues())
    found = candidates(issues)
    if as_json:
        print_json("sotctl.issue-next/v1", {"issues": [_row(entry) for entry in found]})
        return
    if not found:
        click.echo("\n".join(_waiting(library, issues)))
    for entry in found:
        click.echo(f"{entry.issue.id}  {entry.issue.status}  {entry.issue.title}")
        if entry.unblocks:
            click.echo(f"    unblocks {', '.join(entry.unblocks)}")


def _waiting(library: Library, issues: Sequence[Issue]) -> list[str]:
    """What the blocked issues wait for, where nothing can be worked on."""
    blocked = [issue for issue in issues if issue.status == "blocked"]
    lines = ["nothing can be worked on"]
    for issue in blocked[:MOST_NAMED]:
        lines += wrapped(f"{issue.id} waits for:", "")
        lines += [line for _, found in open_blockers(library, issue) for line in wrapped(found.message, "  - ")]
        lines.append(f"  sotctl issue show {issue.id}")
    if len(blocked) > MOST_NAMED:
        lines.append(f"and {len(blocked) - MOST_NAMED} more: sotctl issue list --status blocked")
    return lines


def _row(entry: Candidate) -> dict[str, object]:
    issue = entry.issue
    return {"id": issue.id, "status": issue.status, "title": issue.title, "unblocks": list(entry.unblocks)}
