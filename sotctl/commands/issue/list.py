"""List the issues of the store."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.verb import refuse_both, verb
from sotctl.documents.issues import Issue
from sotctl.documents.quote import counted, shown
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import UsageError
from sotctl.report.terminal import cut, screen_columns
from sotctl.result import Result

KEYS: dict[str, Callable[[Issue], tuple[str | int, ...]]] = {
    "place": lambda issue: (issue.path, issue.line),
    "id": lambda issue: (issue.id,),
    "status": lambda issue: (issue.status, issue.id),
    "title": lambda issue: (issue.title.lower(),),
}


@verb(example="sotctl issue list --status blocked --json")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    metavar="STATUS",
    shell_complete=completion.statuses,
    help="Only with this status; may be repeated.",
)
@click.option("--owner", metavar="NAME", help="Only issues in documents of this owner.")
@click.option("--route", metavar="NAME", help="Only issues in documents of this route.")
@click.option("--text", metavar="WORDS", help="Only issues whose id, title or text holds these words.")
@click.option("--sort", type=click.Choice(list(KEYS)), default="place", help="The order.")
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
def command(
    app: App, statuses: tuple[str, ...], owner: str | None, route: str | None, text: str | None, sort: str, as_csv: bool
) -> Result:
    """List issues with their status."""
    refuse_both("--json", app.as_json, "--csv", as_csv)
    snapshot = app.snapshot
    if unknown := [status for status in statuses if status not in snapshot.policy.moves]:
        raise UsageError(f"there is no status {unknown[0]}", hint=f"there are: {', '.join(snapshot.policy.moves)}")
    issues = [issue for issue in snapshot.issues() if _wanted(issue, statuses, text)]
    if owner or route:
        issues = [issue for issue in issues if _governed(snapshot, issue, owner, route)]
    issues.sort(key=KEYS[sort])
    is_filtered = bool(statuses or owner or route or text)
    none = "no issue matches" if is_filtered else "no issue yet; add one: sotctl issue new WORK-1 'A title'"
    return Result(
        type="sotctl.issues/v1",
        values={"issues": [_row(issue) for issue in issues]} if app.as_json else {},
        text=_table(issues) if issues else none,
        document=_csv(issues) if as_csv else "",
        note=_unread(snapshot),
    )


def _unread(snapshot: Snapshot) -> str:
    """A line about documents that could not be read, whose issues are therefore not listed."""
    if not (count := len(snapshot.rejected)):
        return ""
    first = shown(snapshot.rejected[0])
    others = f" and {counted(count - 1, 'other document')}" if count > 1 else ""
    return f"{first}{others} cannot be read, so issues are missing here: sotctl check --all"


def _wanted(issue: Issue, statuses: Sequence[str], text: str | None) -> bool:
    if statuses and issue.status not in statuses:
        return False
    return not text or text.lower() in f"{issue.id} {issue.title} {issue.text}".lower()


def _governed(snapshot: Snapshot, issue: Issue, owner: str | None, route: str | None) -> bool:
    document = snapshot.load(issue.path).document
    return document is not None and owner in (None, document.text("owner")) and route in (None, document.text("route"))


def _row(issue: Issue) -> dict[str, object]:
    return {
        "id": issue.id,
        "title": issue.title,
        "status": issue.status,
        "path": issue.path,
        "line": issue.line,
        "blocked_by": [bullet.text for bullet in issue.blocked_by if not bullet.settled],
    }


def _csv(issues: Sequence[Issue]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["id", "status", "title", "path", "line"])
    writer.writerows([issue.id, issue.status, issue.title, issue.path, issue.line] for issue in issues)
    return stream.getvalue()


def _table(issues: Sequence[Issue]) -> str:
    """One line for each issue; a title that does not fit is cut."""
    wide = max(len(issue.id) for issue in issues), max(len(issue.status) for issue in issues)
    left = max(12, screen_columns() - wide[0] - wide[1] - 4)
    return "\n".join(f"{issue.id:<{wide[0]}}  {issue.status:<{wide[1]}}  {cut(issue.title, left)}" for issue in issues)
