"""Move issues to another status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial

import click

from sotctl.app import completion, output
from sotctl.app.acceptance import unmet_acceptance
from sotctl.app.app import App, with_commit
from sotctl.app.mark import is_at_terminal
from sotctl.app.next_step import next_step
from sotctl.app.runs import unsound_runs
from sotctl.app.verb import refuse_both, verb
from sotctl.commands.issue.unblock import unblock
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, UsageError
from sotctl.issues.last_move import last_move
from sotctl.issues.moves import Obstacle, allowed_moves, needs_reason, obstacles, open_blockers
from sotctl.issues.moving import plan_moves
from sotctl.issues.planning import LastMove, ObstructedError, plan_undo
from sotctl.plan import Plan
from sotctl.report.terminal import wrapped
from sotctl.result import Result
from sotctl.store.store import Store

CLEAR = "clear a blocker"


@verb(example="sotctl issue status CTO-WORK-019 in_progress --reason reopened", writes=True)
@click.argument(
    "names", nargs=-1, required=True, metavar="ISSUE... [STATUS]", shell_complete=completion.issues_and_statuses
)
@click.option("--reason", default="", metavar="TEXT", help="Why; it goes into the commit message.")
@click.option("--undo", is_flag=True, help="Take the last move back.")
@click.option("--override", is_flag=True, help="Validate although acceptance bullets are not met; requires --reason.")
def command(app: App, names: tuple[str, ...], reason: str, undo: bool, override: bool) -> Result:
    """Move ISSUE, or several in one commit, to STATUS; without STATUS, offer the moves that would succeed.

    A move changes two lines: the status and last_reviewed. A move to blocked also adds the reason as a blocker.
    """
    issues, to = _split(app.snapshot, names)
    refuse_both("--undo", undo, "a status", to)
    refuse_both("--undo", undo, "--override", override)
    if override and to and to != "validated":
        raise UsageError("--override passes over acceptance, which a move to validated alone asks for")
    if override:
        _only(issues, "--override passes over the acceptance of one issue")
    if undo:
        issue = _only(issues, "--undo takes the move of one issue back")
        last = _last_move(app.store, issue)
        return _carry_out(app, plan_undo(app.snapshot, issue.id, last, now=app.now), issues, last)
    if not to:
        issue = _only(issues, "name the status to move them to")
        to, reason = _choose(app.snapshot, issue, reason, override=override)
        if to == CLEAR:
            return unblock(app, issue, [])
    return _carry_out(app, _plan(app, issues, to, reason, override=override), issues)


def _carry_out(app: App, plan: Plan, issues: Sequence[Issue], last: LastMove | None = None) -> Result:
    work = app.planned(plan, lambda after: [require_issue(after, issue.id)[1].status for issue in issues])
    moves = [{"id": issue.id, "from": issue.status, "to": to} for issue, to in zip(issues, work.outcome, strict=True)]
    lead = [f"{move['id']}  {move['from']} -> {move['to']}" for move in moves]
    below = [] if last else [f"undo    sotctl issue status {issue.id} --undo" for issue in issues]
    below.append("next    sotctl issue next")
    return app.carry_out(
        work,
        "sotctl.issue-status/v1",
        {**moves[0], "moves": moves} if len(moves) > 1 else moves[0],
        with_commit(lead, below),
        last_move=lambda _: last,
    )


def _split(snapshot: Snapshot, names: Sequence[str]) -> tuple[list[Issue], str]:
    """The issues that are named, each once, and the status behind them, "" where there is none."""
    is_status = len(names) > 1 and names[-1][:1].islower()
    ids = dict.fromkeys(names[:-1] if is_status else names)
    return [require_issue(snapshot, name)[1] for name in ids], names[-1] if is_status else ""


def _only(issues: Sequence[Issue], message: str) -> Issue:
    if len(issues) > 1:
        raise UsageError(message, hint=Command(f"sotctl issue status {issues[0].id}"))
    return issues[0]


def _plan(app: App, issues: Sequence[Issue], to: str, reason: str, *, override: bool) -> Plan:
    try:
        return plan_moves(
            app.snapshot,
            [issue.id for issue in issues],
            to,
            reason,
            now=app.now,
            unmet=partial(_unmet, to),
            beside=partial(_beside, to),
            override=override,
        )
    except ObstructedError as error:
        message = "\n".join([error.message, *(_line(found) for found in error.obstacles)])
        details = {"obstacles": [asdict(found) for found in error.obstacles]}
        hint = next_step(app.snapshot, require_issue(app.snapshot, issues[0].id)[1], app.store.top)
        raise BlockedError(message, details=details, hint=hint) from None


def _unmet(to: str, snapshot: Snapshot, issue_id: str) -> list[Obstacle]:
    return unmet_acceptance(snapshot, require_issue(snapshot, issue_id)[1]) if to == "validated" else []


def _beside(to: str, snapshot: Snapshot, issue_id: str) -> list[Obstacle]:
    return unsound_runs(snapshot, require_issue(snapshot, issue_id)[1], to)


def _last_move(store: Store, issue: Issue) -> LastMove:
    move = last_move(store.git, store.objects, "HEAD", issue.path, issue.id, tuple(store.policy().moves))
    if move is None or move.after != issue.status:
        raise BlockedError(
            f"{issue.id} has no move in HEAD that could be undone", hint=Command(f"sotctl history {issue.id}")
        )
    return move


def _in_the_way(snapshot: Snapshot, issue: Issue, to: str, *, override: bool) -> list[str]:
    """Everything that would refuse a move, as the move itself finds it."""
    found = [obstacle.message for obstacle in (*obstacles(snapshot, issue, to), *_beside(to, snapshot, issue.id))]
    if not override and (unmet := _unmet(to, snapshot, issue.id)):
        are = "acceptance bullet is" if len(unmet) == 1 else "acceptance bullets are"
        found.append(f"{len(unmet)} {are} not met: `sotctl issue accept {issue.id}`")
    return found


def _choose(snapshot: Snapshot, issue: Issue, reason: str, *, override: bool) -> tuple[str, str]:
    """Offer the moves that would succeed, and say why the others would not."""
    targets = ["validated"] if override else allowed_moves(snapshot, issue)
    closed = {to: found for to in targets if (found := _in_the_way(snapshot, issue, to, override=override))}
    open_ = [to for to in targets if to not in closed]
    output.error("".join(f"{line}\n" for line in _why_closed(closed)))
    if not is_at_terminal():
        raise UsageError(
            f"name a status: {', '.join(open_) or 'none is open now'}",
            hint=Command(f"sotctl issue status {issue.id} STATUS"),
        )
    blockers = open_blockers(snapshot, issue) if issue.status == "blocked" else []
    if not open_ and not blockers:
        raise BlockedError(f"{issue.id} is {issue.status}, and no move is open now")
    from sotctl.prompts.move import ask_move, ask_reason

    to = ask_move(issue.id, issue.status, [*([CLEAR] if blockers else []), *open_])
    return to, reason or (ask_reason(to) if to != CLEAR and needs_reason(issue, to) else "")


def _why_closed(closed: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The obstacles of all refused moves, then those of only some."""
    first = next(iter(closed.values()), [])
    shared = [message for message in first if all(message in found for found in closed.values())]
    if shared:
        yield f"cannot move to {' or '.join(closed)} yet:"
        yield from _bullets(shared)
    for to, found in closed.items():
        if more := [message for message in found if message not in shared]:
            yield f"{to} also waits for:" if shared else f"cannot move to {to} yet:"
            yield from _bullets(more)


def _bullets(found: Sequence[str]) -> list[str]:
    return [line for message in found for line in wrapped(message, "  - ")]


def _line(found: Obstacle) -> str:
    return f"  {found.path}:{found.line}: {found.message}\n      {found.fix}"
