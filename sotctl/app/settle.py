"""What `unblock` and `accept` share: bullets get their suffix, and that is one commit."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import click

from sotctl.app.acceptance import judged
from sotctl.app.shared import carry_out, snapshot_after, store_here
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, UsageError
from sotctl.issues.moves import obstacles_to_leave, open_blockers
from sotctl.issues.settling import Settled, plan_settle
from sotctl.report.formats.text import wrapped
from sotctl.report.issue import stays


def settle(
    issue_id: str, word: Settled, texts: Mapping[int, str], *, dry_run: bool, no_commit: bool, as_json: bool
) -> None:
    """Mark bullets of an issue `cleared` or `met`, each with its text, and say what is still open."""
    store = store_here()
    snapshot = store.snapshot()
    plan = plan_settle(snapshot, issue_id, word, texts, now=snapshot.now)
    after = snapshot_after(snapshot, plan)
    issue = require_issue(after, issue_id)[1]
    still = open_numbers(after, issue, word)
    numbers = sorted(texts)
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        f"sotctl.issue-{word.verb}/v1",
        {"id": issue_id, "bullets": numbers, "open": still},
        dry_run=dry_run,
        no_commit=no_commit,
        as_json=as_json,
    )
    if tell:
        click.echo(f"{issue_id}  {word.noun} {_listed(numbers)} {word}" + (f"\ncommit  {commit[:9]}" if commit else ""))
        click.echo(f"open    {_listed(still) or 'none'}")
        missing = obstacles_to_leave(after, issue)
        if missing:
            click.echo(f"{stays(issue, missing)}\n")
        is_free = issue.status == "blocked" and not missing
        click.echo(f"next    {f'sotctl issue status {issue_id}' if is_free else f'sotctl issue show {issue_id}'}")


def open_numbers(snapshot: Snapshot, issue: Issue, word: Settled) -> list[int]:
    """The numbers of the bullets that are still open."""
    if word is Settled.CLEARED:
        return [bullet.number for bullet, _ in open_blockers(snapshot, issue)]
    return [judgement.bullet.number for judgement in judged(snapshot, issue) if not judgement.met]


def require_open(snapshot: Snapshot, issue: Issue, word: Settled) -> list[int]:
    """The numbers of the open bullets.

    Raises:
        UsageError: There is none.
    """
    if found := open_numbers(snapshot, issue, word):
        return found
    what = "open blocker" if word is Settled.CLEARED else "acceptance bullet that is not met"
    raise UsageError(f"{issue.id} has no {what}", hint=f"sotctl issue show {issue.id}")


def unnumbered(issue: Issue, word: Settled, numbers: Sequence[int]) -> UsageError:
    """What to say where the bullets are not named."""
    bullets = {bullet.number: bullet for bullet in word.bullets(issue)}
    lines = [line for number in numbers for line in wrapped(bullets[number].text, f"  {number}  ")]
    what = "the blocker of {} that is gone" if word is Settled.CLEARED else "the acceptance bullets of {} that are met"
    return UsageError(
        "\n".join([f"name {what.format(issue.id)}", *lines]),
        hint=f"sotctl issue {word.verb} {issue.id} {numbers[0]} {word.option}",
        details={f"{word.noun}s": [{"number": number, "text": bullets[number].text} for number in numbers]},
    )


def is_at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def still_there(before: Issue, word: Settled, texts: Mapping[int, str]) -> dict[int, str]:
    """What was chosen of an issue as it was shown, without what somebody else has settled meanwhile.

    Raises:
        BlockedError: The bullets are no longer those that were shown, or nothing is left.
    """
    snapshot = store_here().snapshot()
    issue = require_issue(snapshot, before.id)[1]
    now = {bullet.number: bullet for bullet in word.bullets(issue)}
    shown = {bullet.number: bullet for bullet in word.bullets(before)}
    left = {}
    for number, text in texts.items():
        bullet = now.get(number)
        if bullet is None or not bullet.text.startswith(shown[number].text):
            hint = f"sotctl issue {word.verb} {before.id}"
            raise BlockedError(
                f"{word.noun} {number} of {before.id} was edited meanwhile; nothing was written", hint=hint
            )
        if bullet.settled:
            click.echo(f"{word.noun} {number} was settled meanwhile: {bullet.settled[1]}", err=True)
        else:
            left[number] = text
    if not left:
        raise BlockedError("all of them were settled meanwhile", hint=f"sotctl issue show {before.id}")
    return left


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
