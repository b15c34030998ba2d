"""Move an issue to another status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click

from sotctl.admission.decide import require_issue
from sotctl.admission.move import LastMove, ObstructedError, plan_move, plan_undo
from sotctl.admission.moves import Obstacle, allowed_moves, needs_reason, obstacles
from sotctl.commands import _complete
from sotctl.commands._acceptance import unmet_acceptance
from sotctl.commands._options import json_option, refuse_both, store_option, write_options
from sotctl.commands._runs import unsound_runs
from sotctl.commands._shared import carry_out, library_after, store_here
from sotctl.commands._verb import Verb
from sotctl.documents.issues import Issue
from sotctl.documents.library import Library
from sotctl.errors import BlockedError, UsageError
from sotctl.report.text import wrapped
from sotctl.repository.moves import last_move
from sotctl.repository.store import Store


@click.command(cls=Verb, epilog="sotctl issue status CTO-WORK-019 in_progress --reason reopened")
@click.argument("issue_id", metavar="ISSUE", shell_complete=_complete.issues)
@click.argument("to", required=False, metavar="[STATUS]", shell_complete=_complete.statuses)
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
    library = store.library()
    _, issue = require_issue(library, issue_id)
    last: LastMove | None = None
    if undo:
        last = _last_move(store, issue)
        plan = plan_undo(library, issue_id, last, now=library.now)
    else:
        to, reason = (to, reason) if to else _choose(library, issue, reason)
        unmet = unmet_acceptance(library, issue) if to == "validated" else []
        try:
            beside = unsound_runs(library, issue, to)
            plan = plan_move(
                library, issue_id, to, reason, now=library.now, unmet=unmet, beside=beside, override=override
            )
        except ObstructedError as error:
            message = "\n".join([error.message, *(_line(found) for found in error.obstacles)])
            details = {"obstacles": [asdict(found) for found in error.obstacles]}
            raise BlockedError(message, details=details) from None
    target = require_issue(library_after(library, plan), issue_id)[1].status
    commit, tell = carry_out(
        store,
        library,
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


def _choose(library: Library, issue: Issue, reason: str) -> tuple[str, str]:
    """Offer the moves that are allowed, and say of the others why not."""
    targets = allowed_moves(library, issue)
    closed = {to: found for to in targets if (found := obstacles(library, issue, to))}
    open_ = [to for to in targets if to not in closed]
    for found, group in groupby(closed, key=lambda to: closed[to]):
        click.echo("\n".join([f"not {' or '.join(group)}:", *_told(found)]), err=True)
    if not sys.stdin.isatty():
        raise UsageError(
            f"name a status: {', '.join(open_) or 'none is open now'}", hint=f"sotctl issue status {issue.id} STATUS"
        )
    if not open_:
        raise BlockedError(f"{issue.id} is {issue.status}, and no move is open now")
    from sotctl.wizard.move import ask_move, ask_reason

    to = ask_move(issue.id, issue.status, open_)
    return to, reason or (ask_reason(to) if needs_reason(issue, to) else "")


def _told(found: Sequence[Obstacle]) -> list[str]:
    return [line for obstacle in found for line in wrapped(obstacle.message, "  - ")]


def _line(found: Obstacle) -> str:
    return f"  {found.path}:{found.line}: {found.message}\n      {found.fix}"
