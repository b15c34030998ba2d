"""What happened to an issue: read from the versions of its documents, one event for each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sotctl.documents.frontmatter import readable
from sotctl.documents.issues import Issue, parse_issues

Texts = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a version of a document did: in words, with the reason where there is one."""

    version: int
    what: str
    why: str = ""


def issue_events(texts: Texts, issue_id: str, statuses: tuple[str, ...]) -> Iterator[Event]:
    """The events of an issue in the versions of its document, each a path and bytes, the oldest first."""
    before: Issue | None = None
    for number, (path, data) in enumerate(texts):
        document = readable(path, data)
        now = parse_issues(document, statuses).find(issue_id) if document else None
        if now is None:
            continue
        if before is None:
            yield Event(version=number, what=f"appears as {now.status}")
        else:
            yield from _changes(number, before, now)
        before = now


def _changes(number: int, before: Issue, now: Issue) -> Iterator[Event]:
    if before.status != now.status:
        yield Event(version=number, what=f"{before.status} -> {now.status}")
    for word, end, old, new in (
        ("blocker", "cleared", before.blocked_by, now.blocked_by),
        ("acceptance", "met", before.acceptance, now.acceptance),
    ):
        settled = {bullet.number for bullet in old if bullet.settled}
        for bullet in new:
            if bullet.settled and bullet.number not in settled:
                yield Event(version=number, what=f"{word} {bullet.number} {end}", why=bullet.settled[1])


def record_events(texts: Texts) -> Iterator[Event]:
    """The events of a decision record in its versions."""
    before = ""
    for number, (path, data) in enumerate(texts):
        record = readable(path, data)
        if record is None:
            continue
        status, record_id = record.text("status"), record.text("record_id")
        pair = "/".join(part for part in (record.text("provider"), record.text("model")) if part)
        if not before:
            what = f"{record_id}: {record.text('decision_status')}" + (f" {pair}" if pair else "")
            yield Event(version=number, what=what, why=record.text("approval_source"))
        elif status != before:
            revoked = f": {pair} revoked" if status == "archived" and pair else ""
            yield Event(version=number, what=f"{record_id} {status}{revoked}")
        before = status
