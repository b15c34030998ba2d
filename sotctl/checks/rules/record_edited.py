"""A decision record that approves something is never edited or deleted: it is superseded or archived."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.edits import without_fields
from sotctl.documents.record import DecisionRecord
from sotctl.findings import Finding

MOVES = {"validated": ("superseded", "archived"), "superseded": (), "archived": ()}
OPEN = ("status", "last_reviewed")
"""The fields that superseding and archiving change."""


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every approved record with what became of it."""
    after = {record.path: record for record in change.records()}
    for record in change.records_before():
        if not record.named or record.path not in change.changed:
            continue
        now = after.get(record.path)
        if now is None:
            yield _finding(change, record.path, 1, f"{record.id} was approved and may not be deleted")
        elif problem := _problem(record, now):
            yield _finding(change, record.path, now.document.line_of("status"), problem)


def _problem(before: DecisionRecord, after: DecisionRecord) -> str | None:
    old, new = before.document.text("status"), after.document.text("status")
    if new != old and new not in MOVES.get(old, ()):
        return f"{before.id} is {old} and cannot become {new or 'nothing'}"
    if before.document.source == after.document.source:
        return None
    if new == old or without_fields(before.document, OPEN) != without_fields(after.document, OPEN):
        return f"{before.id} was approved and may not be edited"
    return None


def _finding(change: ChangeSet, path: str, line: int, message: str) -> Finding:
    also = ", also not by a merge" if change.is_merge else ""
    return RULE.finding(path, f"{message}{also}", change.restoring(path), line=line)


RULE = PolicyRule(
    id="record-edited",
    summary="A decision record that approves something is never edited.",
    why="What was approved stays readable as it was approved; a change of mind is a new decision.",
    fix="Restore the file, then decide anew with `sotctl decide`, or take it back with `sotctl admission revoke`.",
    check=check,
)
