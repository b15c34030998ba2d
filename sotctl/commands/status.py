"""Show where the store stands: in force, blocked, due, half done, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admissions.review import When
from sotctl.app.app import App
from sotctl.app.overview import Blocked, Clone, Overview, read_overview
from sotctl.app.verb import verb
from sotctl.documents.quote import counted
from sotctl.report.terminal import columns, cut, fits, wrapped
from sotctl.result import Result

GROUP = "look"
_MOST = 5


@verb(example="sotctl status")
def command(app: App) -> Result:
    """Show the pair in force, what blocks which issue, what is due, and the one next command."""
    found = read_overview(app)
    return Result(
        type="sotctl.status/v1",
        values=_values(found),
        text="\n".join([*_lines(app, found), f"next      {found.next}"]),
    )


def _lines(app: App, found: Overview) -> list[str]:
    """The rows, wrapped to the terminal, or cut where that does not fit a small one."""
    rows = list(_rows(app, found))
    lines = [line for label, text in rows for line in wrapped(text, f"{label:<10}")]
    short = [cut(f"{label:<10}{text}", columns()) for label, text in rows]
    return lines if fits([*lines, f"next      {found.next}"]) else short


def _rows(app: App, found: Overview) -> Iterator[tuple[str, str]]:
    yield from _in_force(found)
    yield from _blocked(found)
    yield from _due(found)
    if found.drafts:
        yield "draft", f"answers are kept for {', '.join(found.drafts)}"
    if found.uncommitted:
        shown = ", ".join(found.uncommitted[:_MOST]) + (" and more" if len(found.uncommitted) > _MOST else "")
        yield "changed", f"{shown}: not committed"
    yield "hooks", f"not live: {', '.join(found.dead_hooks)}" if found.dead_hooks else f"{found.hook_count} live"
    yield from (("", message) for message in found.unguarded)
    yield "clone", _clone(app, found.clone)


def _in_force(found: Overview) -> Iterator[tuple[str, str]]:
    reviews = {entry.record.id: entry for entry in found.due}
    if not found.in_force:
        yield "in force", "no pair: nothing may run"
    for admission in found.in_force:
        yield "in force", "/".join(admission.pair)
        yield "", admission.text("approval_source")
        if entry := reviews.get(admission.text("decision_record")):
            yield "", f"review by {entry.review_by}" if entry.review_by else f"review {entry.trigger}"


def _blocked(found: Overview) -> Iterator[tuple[str, str]]:
    if not found.blocked:
        yield "blocked", f"nothing, of {counted(found.issue_count, 'issue')}"
    for entry in found.blocked[:_MOST]:
        yield "blocked", f"{entry.issue.id}  {entry.issue.title}"
        for obstacle in entry.obstacles[:_MOST]:
            yield f"{'':<10}- ", obstacle.message
        if not entry.obstacles:
            yield "", "nothing blocks it any more"
    if len(found.blocked) > _MOST:
        yield "", f"and {len(found.blocked) - _MOST} more: sotctl issue list --status blocked"


def _due(found: Overview) -> Iterator[tuple[str, str]]:
    for entry in found.due:
        if entry.when in (When.PAST, When.SOON):
            passed = "has passed" if entry.when is When.PAST else "is near"
            yield "due", f"the review of {entry.record.id} by {entry.review_by} {passed}"


def _clone(app: App, clone: Clone) -> str:
    parts = [clone.branch or "detached HEAD: nothing guards it"]
    if clone.upstream:
        apart = [f"{count} {word}" for count, word in ((clone.ahead, "ahead"), (clone.behind, "behind")) if count]
        parts.append(f"{', '.join(apart)} of {clone.upstream}" if apart else f"level with {clone.upstream}")
    if clone.fetched_at:
        hours = int((app.now - clone.fetched_at).total_seconds() // 3600)
        parts.append(f"fetched {counted(hours // 24, 'day') if hours >= 48 else counted(max(hours, 0), 'hour')} ago")
    if clone.is_shallow:
        parts.append("shallow: the beginning of the history is not here")
    return ", ".join(parts)


def _values(found: Overview) -> dict[str, object]:
    return {
        "in_force": [
            {
                "provider": admission.pair[0],
                "model": admission.pair[1],
                "approval_source": admission.text("approval_source"),
                "review_trigger": admission.text("review_trigger"),
                "decision_record": admission.text("decision_record"),
                "path": admission.path,
            }
            for admission in found.in_force
        ],
        "issues": found.issue_count,
        "blocked": [_blocked_values(entry) for entry in found.blocked],
        "due": [
            {"record_id": entry.record.id, "when": entry.when, "review_trigger": entry.trigger} for entry in found.due
        ],
        "drafts": list(found.drafts),
        "uncommitted": list(found.uncommitted),
        "hooks": {
            "live": found.hook_count - len(found.dead_hooks),
            "not_live": list(found.dead_hooks),
            "unguarded": list(found.unguarded),
        },
        "clone": {
            "branch": found.clone.branch or None,
            "upstream": found.clone.upstream or None,
            "ahead": found.clone.ahead,
            "behind": found.clone.behind,
            "fetched_at": found.clone.fetched_at.isoformat() if found.clone.fetched_at else None,
            "shallow": found.clone.is_shallow,
        },
        "next": found.next,
    }


def _blocked_values(entry: Blocked) -> dict[str, object]:
    return {
        "id": entry.issue.id,
        "title": entry.issue.title,
        "path": entry.issue.path,
        "line": entry.issue.line,
        "blocked_by": [obstacle.message for obstacle in entry.obstacles],
    }
