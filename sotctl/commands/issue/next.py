"""List what can be worked on, and what would unblock most."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.issues.graph import OPEN, Candidate, candidates
from sotctl.issues.moves import obstacles_to_leave, open_blockers, unread_lists
from sotctl.issues.planning import MAX_NAMED
from sotctl.report.terminal import wrapped
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
    """What the open issues wait for, where nothing can be worked on."""
    waiting = [issue for issue in issues if issue.status in OPEN]
    lines = ["nothing can be worked on"]
    for issue in waiting[:MAX_NAMED]:
        lines += _waits_for(snapshot, issue)
    if len(waiting) > MAX_NAMED:
        lines.append(f"and {len(waiting) - MAX_NAMED} more: sotctl issue list")
    return lines


def _waits_for(snapshot: Snapshot, issue: Issue) -> list[str]:
    """What an issue waits for; if nothing, the command that moves it."""
    found = obstacles_to_leave(snapshot, issue) or [
        *unread_lists(issue),
        *(obstacle for _, obstacle in open_blockers(snapshot, issue)),
    ]
    if not found:
        return [f"{issue.id} is {issue.status} and waits for nothing any more:", f"  sotctl issue status {issue.id}"]
    lines = [f"{issue.id} waits for:", *(line for one in found for line in wrapped(one.message, "  - "))]
    return [*lines, f"  sotctl issue show {issue.id}"]


def _row(entry: Candidate) -> dict[str, object]:
    issue = entry.issue
    return {"id": issue.id, "status": issue.status, "title": issue.title, "unblocks": list(entry.unblocks)}
