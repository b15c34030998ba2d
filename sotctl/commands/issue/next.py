"""What can be worked on, and what would unblock most."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.issues.graph import Candidate, candidates
from sotctl.issues.moves import open_blockers
from sotctl.issues.planning import MAX_NAMED
from sotctl.report.formats.text import wrapped
from sotctl.result import Result


@verb(example="sotctl issue next")
def command(app: App) -> Result:
    """List the issues that wait for nothing, those first that most others wait for."""
    issues = list(app.snapshot.issues())
    found = candidates(issues)
    lines = [line for entry in found for line in _lines(entry)] or _waiting(app.snapshot, issues)
    return Result(
        type="sotctl.issue-next/v1", values={"issues": [_row(entry) for entry in found]}, text="\n".join(lines)
    )


def _lines(entry: Candidate) -> list[str]:
    below = [f"    unblocks {', '.join(entry.unblocks)}"] if entry.unblocks else []
    return [f"{entry.issue.id}  {entry.issue.status}  {entry.issue.title}", *below]


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
