"""What `unblock` and `accept` share: bullets get their suffix, and that is one commit."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sotctl.app import output
from sotctl.app.acceptance import acceptance_of
from sotctl.app.app import App, with_commit
from sotctl.app.next_step import next_step
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, UsageError
from sotctl.issues.marking import Mark, plan_marks
from sotctl.issues.moves import Obstacle, obstacles_to_leave, open_blockers
from sotctl.report.issue import stays
from sotctl.report.terminal import wrapped
from sotctl.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """An issue after bullets were marked: its open bullets by number, what still blocks it, and the next command."""

    issue: Issue
    still_open: list[int]
    missing: list[Obstacle]
    next: Command


def mark(app: App, issue_id: str, word: Mark, texts: Mapping[int, str]) -> Result:
    """Mark bullets of an issue `cleared` or `met`, each with its text, and say what is still open."""
    plan = plan_marks(app.snapshot, issue_id, word, texts, now=app.now)
    work = app.planned(plan, lambda after: _outcome(app, after, issue_id, word))
    numbers = sorted(texts)
    lead = f"{issue_id}  {word.noun} {_listed(numbers)} {word}"
    return app.carry_out(
        work,
        f"sotctl.issue-{word.verb}/v1",
        {"id": issue_id, "bullets": numbers, "open": work.outcome.still_open},
        with_commit([lead], _below(work.outcome)),
    )


def open_numbers(snapshot: Snapshot, issue: Issue, word: Mark) -> list[int]:
    """The numbers of the bullets that are still open."""
    if word is Mark.CLEARED:
        return [bullet.number for bullet, _ in open_blockers(snapshot, issue)]
    return [state.bullet.number for state in acceptance_of(snapshot, issue) if not state.met]


def require_open(snapshot: Snapshot, issue: Issue, word: Mark) -> list[int]:
    """The numbers of the open bullets.

    Raises:
        UsageError: There is none.
    """
    if found := open_numbers(snapshot, issue, word):
        return found
    what = "open blocker" if word is Mark.CLEARED else "acceptance bullet that is not met"
    raise UsageError(f"{issue.id} has no {what}", hint=Command(f"sotctl issue show {issue.id}"))


def unnumbered(issue: Issue, word: Mark, numbers: Sequence[int]) -> UsageError:
    """The error for a call that names no bullets where nobody can be asked."""
    bullets = {bullet.number: bullet for bullet in word.bullets(issue)}
    lines = [line for number in numbers for line in wrapped(bullets[number].text, f"  {number}  ")]
    what = "the blocker of {} that is gone" if word is Mark.CLEARED else "the acceptance bullets of {} that are met"
    return UsageError(
        "\n".join([f"name {what.format(issue.id)}", *lines]),
        hint=Command(f"sotctl issue {word.verb} {issue.id} {numbers[0]} {word.option}"),
        details={word.plural: [{"number": number, "text": bullets[number].text} for number in numbers]},
    )


def is_at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def still_there(app: App, shown: Issue, word: Mark, texts: Mapping[int, str]) -> dict[int, str]:
    """The chosen bullets of an issue as it was *shown*, without those that somebody else has marked since.

    The documents are read again, since a checklist may have been open for an hour.

    Raises:
        BlockedError: A bullet is no longer the one that was shown, or nothing is left.
    """
    app.renew()
    now = {bullet.number: bullet for bullet in word.bullets(require_issue(app.snapshot, shown.id)[1])}
    before = {bullet.number: bullet for bullet in word.bullets(shown)}
    left = {}
    for number, text in texts.items():
        bullet = now.get(number)
        if bullet is None or not bullet.text.startswith(before[number].text):
            message = f"{word.noun} {number} of {shown.id} was edited meanwhile; nothing was written"
            raise BlockedError(message, hint=Command(f"sotctl issue {word.verb} {shown.id}"))
        if bullet.settled:
            output.error(f"{word.noun} {number} was marked meanwhile: {bullet.settled[1]}" + "\n")
        else:
            left[number] = text
    if not left:
        raise BlockedError("all of them were marked meanwhile", hint=Command(f"sotctl issue show {shown.id}"))
    return left


def _outcome(app: App, after: Snapshot, issue_id: str, word: Mark) -> _Outcome:
    issue = require_issue(after, issue_id)[1]
    return _Outcome(
        issue=issue,
        still_open=open_numbers(after, issue, word),
        missing=obstacles_to_leave(after, issue),
        next=next_step(after, issue, app.store.top),
    )


def _below(outcome: _Outcome) -> list[str]:
    lines = [f"open    {_listed(outcome.still_open) or 'none'}"]
    if outcome.missing:
        lines.append(f"{stays(outcome.issue, outcome.missing)}\n")
    return [*lines, f"next    {outcome.next}"]


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
