"""Show what happened in the store: decisions, admissions, signatures, moves and evidence, from git."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from sotctl.app import completion
from sotctl.app.app import App
from sotctl.app.names import Kind, Named, find
from sotctl.app.points import day, end_of
from sotctl.app.verb import verb
from sotctl.report.terminal import wrapped
from sotctl.result import Result
from sotctl.store.timeline import Event, read_timeline

GROUP = "look"


@verb(example="sotctl log\nsotctl log CTO-WORK-020 --since 2026-06-01\nsotctl log openai-codex/gpt-5.5")
@click.argument("name", metavar="[ISSUE|RECORD|PAIR]", required=False, shell_complete=completion.names)
@click.option("--since", metavar="DATE", help="From this day on (UTC).")
@click.option("--until", metavar="DATE", help="To the end of this day (UTC).")
@click.option("--approver", metavar="NAME", help="Only approvals by NAME.")
def command(app: App, name: str | None, since: str | None, until: str | None, approver: str | None) -> Result:
    """Show every decision, admission, signature, move and evidence record, oldest first."""
    first = day(since, "sotctl log --since") if since else None
    last = end_of(day(until, "sotctl log --until")) if until else None
    named = find(app.snapshot, name) if name else None
    store = app.store
    timeline = read_timeline(store.git, store.objects, store.folder, tuple(app.snapshot.policy.moves))
    events = [
        event
        for event in timeline.events
        if (named is None or _concerns(event, named))
        and (first is None or event.at.date() >= first)
        and (last is None or event.at <= last)
        and (approver is None or _is_approved_by(event, approver))
    ]
    return Result(
        type="sotctl.log/v1",
        values={"begins": list(timeline.begins), "events": [_values(event) for event in events]},
        text="\n".join(_lines(events)) or "nothing happened",
        note=hidden(timeline.begins),
    )


def hidden(begins: Sequence[str]) -> str:
    """What a clone hides that is shallow, and so *begins* at some commits; "" for any other."""
    if not begins:
        return ""
    return f"this clone is shallow: what happened up to {begins[0][:12]} is not here; git fetch --unshallow"


def _concerns(event: Event, named: Named) -> bool:
    if named.kind is Kind.ISSUE:
        return named.name in (event.issue, event.subject)
    if named.kind is Kind.RECORD:
        return named.name in (event.record, event.subject)
    if named.kind is Kind.ADMISSION:
        return named.name in (event.pair, event.subject)
    return named.name == event.subject


def _is_approved_by(event: Event, approver: str) -> bool:
    return " approval on " in event.why and event.why.casefold().startswith(f"{approver} ".casefold())


def _lines(events: Sequence[Event]) -> Iterator[str]:
    """A heading for each commit, and below it what the commit did."""
    for (at, commit, author), group in groupby(events, key=lambda event: (event.at, event.commit, event.author)):
        yield f"{at:%Y-%m-%d %H:%M}  {commit[:9]}  {author}"
        for event in group:
            yield from wrapped(event.what if event.subject in event.what else f"{event.subject} {event.what}", "    ")
            yield from wrapped(event.why, "      ") if event.why else ()


def _values(event: Event) -> dict[str, object]:
    return {
        "at": event.at.isoformat(),
        "commit": event.commit,
        "author": event.author,
        "kind": event.kind,
        "subject": event.subject,
        "what": event.what,
        "why": event.why,
        "issue": event.issue or None,
        "record": event.record or None,
        "pair": event.pair or None,
        "path": event.path,
    }
