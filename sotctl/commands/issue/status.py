"""Move an issue to another status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click

from sotctl.app import completion
from sotctl.app.acceptance import unmet_acceptance
from sotctl.app.app import App, commit_line
from sotctl.app.runs import unsound_runs
from sotctl.app.verb import refuse_both, verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, UsageError
from sotctl.issues.last_move import last_move
from sotctl.issues.moves import Obstacle, allowed_moves, needs_reason, obstacles
from sotctl.issues.planning import LastMove, ObstructedError, plan_move, plan_undo
from sotctl.plan import Plan
from sotctl.report.formats.text import wrapped
from sotctl.result import Result
from sotctl.store.store import Store


@verb(example="sotctl issue status CTO-WORK-019 in_progress --reason reopened", writes=True)
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("to", required=False, metavar="[STATUS]", shell_complete=completion.statuses)
@click.option("--reason", default="", metavar="TEXT", help="Why; it goes into the commit message.")
@click.option("--undo", is_flag=True, help="Take the last move back.")
@click.option("--override", is_flag=True, help="Validate although acceptance bullets are not met; requires --reason.")
def command(app: App, issue_id: str, to: str | None, reason: str, undo: bool, override: bool) -> Result:
    """Move ISSUE to STATUS; without STATUS, offer the moves that are allowed.

    Two lines change: the status and last_reviewed. A move to blocked also adds the reason as a blocker.
    """
    refuse_both("--undo", undo, "a status", to)
    refuse_both("--undo", undo, "--override", override)
    if override and to and to != "validated":
        raise UsageError("--override passes over acceptance, which a move to validated alone asks for")
    snapshot = app.snapshot
    _, issue = require_issue(snapshot, issue_id)
    last: LastMove | None = None
    if undo:
        last = _last_move(app.store, issue)
        plan = plan_undo(snapshot, issue_id, last, now=app.now)
    else:
        to, reason = (to, reason) if to else _choose(snapshot, issue, reason)
        plan = _plan_move(app, issue, to, reason, override=override)
    work = app.planned(plan, lambda after: require_issue(after, issue_id)[1].status)
    lead = f"{issue_id}  {issue.status} -> {work.outcome}"
    below = [] if undo else [f"undo    sotctl issue status {issue_id} --undo"]
    return app.carry_out(
        work,
        "sotctl.issue-status/v1",
        {"id": issue_id, "from": issue.status, "to": work.outcome},
        lambda commit: "\n".join([lead, *commit_line(commit), *below]),
        last_move=lambda _: last,
    )


def _plan_move(app: App, issue: Issue, to: str, reason: str, *, override: bool) -> Plan:
    snapshot = app.snapshot
    unmet = unmet_acceptance(snapshot, issue) if to == "validated" else []
    beside = unsound_runs(snapshot, issue, to)
    try:
        return plan_move(snapshot, issue.id, to, reason, now=app.now, unmet=unmet, beside=beside, override=override)
    except ObstructedError as error:
        message = "\n".join([error.message, *(_line(found) for found in error.obstacles)])
        details = {"obstacles": [asdict(found) for found in error.obstacles]}
        raise BlockedError(message, details=details) from None


def _last_move(store: Store, issue: Issue) -> LastMove:
    move = last_move(store.git, store.objects, "HEAD", issue.path, issue.id, tuple(store.policy().moves))
    store.objects.close()
    if move is None or move.after != issue.status:
        raise BlockedError(f"{issue.id} has no move in HEAD that could be undone", hint=f"sotctl history {issue.id}")
    return move


def _choose(snapshot: Snapshot, issue: Issue, reason: str) -> tuple[str, str]:
    """Offer the moves that are allowed, and say of the others why not."""
    targets = allowed_moves(snapshot, issue)
    closed = {to: found for to in targets if (found := obstacles(snapshot, issue, to))}
    open_ = [to for to in targets if to not in closed]
    for found, group in groupby(closed, key=lambda to: closed[to]):
        click.echo("\n".join([f"cannot move to {' or '.join(group)} yet:", *_told(found)]), err=True)
    if not sys.stdin.isatty():
        raise UsageError(
            f"name a status: {', '.join(open_) or 'none is open now'}", hint=f"sotctl issue status {issue.id} STATUS"
        )
    if not open_:
        raise BlockedError(f"{issue.id} is {issue.status}, and no move is open now")
    from sotctl.prompts.move import ask_move, ask_reason

    to = ask_move(issue.id, issue.status, open_)
    return to, reason or (ask_reason(to) if needs_reason(issue, to) else "")


def _told(found: Sequence[Obstacle]) -> list[str]:
    return [line for obstacle in found for line in wrapped(obstacle.message, "  - ")]


def _line(found: Obstacle) -> str:
    return f"  {found.path}:{found.line}: {found.message}\n      {found.fix}"
