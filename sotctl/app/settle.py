"""What `unblock` and `accept` share: a bullet gets its suffix, and that is committed."""

from __future__ import annotations

from dataclasses import dataclass

from sotctl.app.acceptance import judged
from sotctl.app.app import App, commit_line
from sotctl.decisions.planning import require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.issues.moves import Obstacle, obstacles_to_leave, open_blockers
from sotctl.issues.planning import SETTLED, plan_settle
from sotctl.report.issue import stays
from sotctl.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """An issue after a bullet was marked: the numbers of its open bullets, and what still keeps it."""

    issue: Issue
    still_open: list[int]
    missing: list[Obstacle]


def settle(app: App, issue_id: str, number: int, word: str, text: str) -> Result:
    """Mark bullet *number* of an issue `cleared` or `met`, and say what is still open."""
    plan = plan_settle(app.snapshot, issue_id, number, word, text, now=app.now)
    work = app.planned(plan, lambda after: _outcome(after, issue_id, word))
    verb = "unblock" if word == "cleared" else "accept"
    values = {"id": issue_id, "bullet": number, "open": work.outcome.still_open}
    lead = f"{issue_id}  {SETTLED[word]} {number} {word}"
    return app.carry_out(
        work,
        f"sotctl.issue-{verb}/v1",
        values,
        lambda commit: "\n".join([lead, *commit_line(commit), *_below(work.outcome)]),
    )


def _outcome(after: Snapshot, issue_id: str, word: str) -> _Outcome:
    issue = require_issue(after, issue_id)[1]
    if word == "cleared":
        still = [bullet.number for bullet, _ in open_blockers(after, issue)]
    else:
        still = [judgement.bullet.number for judgement in judged(after, issue) if not judgement.met]
    return _Outcome(issue=issue, still_open=still, missing=obstacles_to_leave(after, issue))


def _below(outcome: _Outcome) -> list[str]:
    lines = [f"open    {', '.join(map(str, outcome.still_open)) or 'none'}"]
    if outcome.missing:
        lines.append(f"{stays(outcome.issue, outcome.missing)}\n")
    is_free = outcome.issue.status == "blocked" and not outcome.missing
    return [*lines, f"next    sotctl issue {'status' if is_free else 'show'} {outcome.issue.id}"]
