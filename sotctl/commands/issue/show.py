"""Show one issue: what it asks, what blocks it, and what was decided."""

from __future__ import annotations

import click

from sotctl.app import completion
from sotctl.app.acceptance import acceptance_of
from sotctl.app.app import App
from sotctl.app.points import revision_at
from sotctl.app.verb import verb
from sotctl.decisions.planning import active_record, require_issue
from sotctl.documents.issues import Bullet
from sotctl.issues.acceptance import AcceptanceState
from sotctl.issues.moves import open_blockers
from sotctl.issues.written import written
from sotctl.report.issue import issue_text
from sotctl.result import Result


@verb(example="sotctl issue show CTO-WORK-020")
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.option("--at", "point", metavar="DATE|COMMIT", help="As it stood at the end of that day (UTC), or in a commit.")
def command(app: App, issue_id: str, point: str | None) -> Result:
    """Show ISSUE as it is written, with its acceptance, its blockers and the decision on it.

    Acceptance bullets that a machine can decide are decided, with the proof; `?` marks those that a person must.
    """
    store, snapshot = app.store, app.snapshot
    if point:
        snapshot = store.snapshot(store.commit_tree(revision_at(store, point)))
    document, issue = require_issue(snapshot, issue_id)
    record = active_record(snapshot, issue_id)
    governed = snapshot.templates.deciding(issue_id) is not None
    states = acceptance_of(snapshot, issue)
    open_ = frozenset(bullet.number for bullet, _ in open_blockers(snapshot, issue))
    body = written(document.document, issue)
    return Result(
        type="sotctl.issue/v1",
        values={
            "id": issue.id,
            "title": issue.title,
            "status": issue.status,
            "path": issue.path,
            "line": issue.line,
            "acceptance": [{**_row(state.bullet), **_state_json(state)} for state in states],
            "blocked_by": [{**_row(bullet), "open": bullet.number in open_} for bullet in issue.blocked_by],
            "unreadable": [{"line": one.line, "message": one.message} for one in issue.unreadable()],
            "text": document.document.source[issue.start : issue.end].decode("utf-8"),
            "decision_record": record.id if record else None,
        },
        text=issue_text(issue, body, record, states, open_, governed=governed).removesuffix("\n"),
    )


def _row(bullet: Bullet) -> dict[str, object]:
    return {"number": bullet.number, "text": bullet.text, "line": bullet.line, "settled": bullet.settled is not None}


def _state_json(state: AcceptanceState) -> dict[str, object]:
    return {"met": state.met, "proof": state.proof}
