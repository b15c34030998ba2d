"""What `unblock` and `accept` share: a bullet gets its suffix, and that is committed."""

from __future__ import annotations

import click

from sotctl.admission.decide import require_issue
from sotctl.admission.move import SETTLED, plan_settle
from sotctl.admission.moves import obstacles_to_leave, open_blockers
from sotctl.commands._acceptance import judged
from sotctl.commands._shared import carry_out, library_after, store_here
from sotctl.report.issue import stays


def settle(issue_id: str, number: int, word: str, text: str, *, dry_run: bool, no_commit: bool, as_json: bool) -> None:
    """Mark bullet *number* of an issue `cleared` or `met`, and say what is still open."""
    store = store_here()
    library = store.library()
    plan = plan_settle(library, issue_id, number, word, text, now=library.now)
    after = library_after(library, plan)
    issue = require_issue(after, issue_id)[1]
    if word == "cleared":
        still = [bullet.number for bullet, _ in open_blockers(after, issue)]
    else:
        still = [judgement.bullet.number for judgement in judged(after, issue) if not judgement.met]
    commit, tell = carry_out(
        store,
        library,
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
