"""What `unblock` and `accept` share: a bullet gets its suffix, and that is committed."""

from __future__ import annotations

import click

from sotctl.app.acceptance import judged
from sotctl.app.shared import carry_out, snapshot_after, store_here
from sotctl.decisions.planning import require_issue
from sotctl.issues.moves import obstacles_to_leave, open_blockers
from sotctl.issues.planning import SETTLED, plan_settle
from sotctl.report.issue import stays


def settle(issue_id: str, number: int, word: str, text: str, *, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Mark bullet *number* of an issue `cleared` or `met`, and say what is still open."""
    store = store_here()
    snapshot = store.snapshot()
    plan = plan_settle(snapshot, issue_id, number, word, text, now=snapshot.now)
    after = snapshot_after(snapshot, plan)
    issue = require_issue(after, issue_id)[1]
    if word == "cleared":
        still = [bullet.number for bullet, _ in open_blockers(after, issue)]
    else:
        still = [judgement.bullet.number for judgement in judged(after, issue) if not judgement.met]
    commit, tell = carry_out(
        store,
        snapshot,
        plan,
        f"sotctl.issue-{'unblock' if word == 'cleared' else 'accept'}/v1",
        {"id": issue_id, "bullet": number, "open": still},
        dry_run=dry_run,
        no_commit=no_commit,
        as_json=as_json,
    )
    if tell:
        click.echo(f"{issue_id}  {SETTLED[word]} {number} {word}" + (f"\ncommit  {commit[:9]}" if commit else ""))
        click.echo(f"open    {', '.join(map(str, still)) or 'none'}")
        missing = obstacles_to_leave(after, issue)
        if missing:
            click.echo(f"{stays(issue, missing)}\n")
        is_free = issue.status == "blocked" and not missing
        click.echo(f"next    {f'sotctl issue status {issue_id}' if is_free else f'sotctl issue show {issue_id}'}")
