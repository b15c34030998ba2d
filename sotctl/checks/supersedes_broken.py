"""A decision that supersedes another leaves the other superseded."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, Rule
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Follow every `supersedes`."""
    records = {record.id: record for record in change.records()}
    for record in records.values():
        named = record.document.text("supersedes")
        if not named:
            continue
        other = records.get(named)
        line = record.document.line_of("supersedes")
        if other is None or other.issue != record.issue:
            message = f"{record.id} supersedes {named}, which is no decision on {record.issue}"
            yield Finding(
                rule=RULE.id, path=record.path, line=line, message=message, fix=f"sotctl decide {record.issue}"
            )
        elif other.is_active:
            message = f"{record.id} supersedes {named}, which still has the status {other.document.text('status')}"
            yield Finding(
                rule=RULE.id,
                path=other.path,
                line=other.document.line_of("status"),
                message=message,
                fix="status: superseded",
            )


RULE = Rule(
    id="supersedes-broken",
    summary="A superseded decision exists and has the status superseded.",
    why="Both sides of a superseding change in one commit, so that no reader finds two decisions in force.",
    fix="Let `sotctl decide` write both sides, or set the status of the older record to superseded.",
    check=check,
)
