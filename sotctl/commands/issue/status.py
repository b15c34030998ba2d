"""Move an issue to another status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click

from sotctl.app import completion
from sotctl.app.acceptance import unmet_acceptance
from sotctl.app.options import json_option, refuse_both, store_option, write_options
from sotctl.app.runs import unsound_runs
from sotctl.app.shared import carry_out, snapshot_after, store_here
from sotctl.app.verb import Verb
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, UsageError
from sotctl.issues.last_move import last_move
from sotctl.issues.moves import Obstacle, allowed_moves, needs_reason, obstacles
from sotctl.issues.planning import LastMove, ObstructedError, plan_move, plan_undo
from sotctl.report.formats.text import wrapped
from sotctl.store.store import Store


@click.command(cls=Verb, epilog="sotctl issue status CTO-WORK-019 in_progress --reason reopened")
@click.argument("issue_id", metavar="ISSUE", shell_complete=completion.issues)
@click.argument("to", required=False, metavar="[STATUS]", shell_complete=completion.statuses)
@click.option("--reason", default="", metavar="TEXT", help="Why; it goes into the commit message.")
@click.option("--undo", is_flag=True, help="Take the last move back.")
@click.option("--override", is_flag=True, help="Validate although acceptance bullets are not met; requires --reason.")
@write_options
@json_option
@store_option
def command(
    issue_id: str,
    to: str | None,
    reason: str,
    undo: bool,
    override: bool,
    dry_run: bool,
    no_commit: bool,
    as_json: bool,
) -> None:
    """Move ISSUE to STATUS; without STATUS, offer the moves that are allowed.

    Two lines change: the status and last_reviewed. A move to blocked also adds the reason as a blocker.
    """
    refuse_both("--undo", undo, "a status", to)
    refuse_both("--undo", undo, "--override", override)
    if override and to and to != "validated":
        raise UsageError("--override passes over acceptance, which a move to validated alone asks for")
    store = store_here()
    snapshot = store.snapshot()
    _, issue = require_issue(snapshot, issue_id)
    last: LastMove | None = None
    if undo:
        last = _last_move(store, issue)
        plan = plan_undo(snapshot, issue_id, last, now=snapshot.now)
    else:
        to, reason = (to, reason) if to else _choose(snapshot, issue, reason)
        unmet = unmet_acceptance(snapshot, issue) if to == "validated" else []
        try:
            beside = unsound_runs(snapshot, issue, to)
            plan = plan_move(
                snapshot, issue_id, to, reason, now=snapshot.now, unmet=unmet, beside=beside, override=override
            )
        except ObstructedError as error:
            message = "\n".join([error.message, *(_line(found) for found in error.obstacles)])
            details = {"obstacles": [asdict(found) for found in error.obstacles]}
            raise BlockedError(message, details=details) from None
    target = require_issue(snapshot_after(snapshot, plan), issue_id)[1].status
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        "sotctl.issue-status/v1",
        {"id": issue_id, "from": issue.status, "to": target},
        dry_run=dry_run,
        no_commit=no_commit,
        as_json=as_json,
        last_move=lambda _: last,
    )
    if tell:
        click.echo(f"{issue_id}  {issue.status} -> {target}" + (f"\ncommit  {commit[:9]}" if commit else ""))
        if not undo:
            click.echo(f"undo    sotctl issue status {issue_id} --undo")


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
