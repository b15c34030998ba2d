"""A decision record that approves something is never edited or deleted: it is superseded or archived."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, Rule
from sotctl.documents.edits import apply_edits
from sotctl.documents.record import DecisionRecord
from sotctl.findings import Finding

MOVES = {"validated": ("superseded", "archived"), "superseded": (), "archived": ()}


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every approved record with what became of it, in a merge also those that only one parent holds."""
    for parent in change.parents:
        yield from _undone(parent.records(), {record.path: record for record in change.after.records()})
    after = {record.path: record for record in change.records()}
    for record in change.records_before():
        if not record.named or record.path not in change.changed:
            continue
        now = after.get(record.path)
        if now is None:
            yield _finding(record.path, 1, f"{record.id} was approved and may not be deleted")
        elif problem := _problem(record, now):
            yield _finding(record.path, now.document.line_of("status"), problem)


def _undone(records: list[DecisionRecord], after: dict[str, DecisionRecord]) -> Iterator[Finding]:
    for record in records:
        now = after.get(record.path)
        if record.named and now is None:
            yield _finding(record.path, 1, f"{record.id} was approved and may not be deleted, also not by a merge")
        elif record.named and now and (problem := _problem(record, now)):
            yield _finding(record.path, now.document.line_of("status"), f"{problem}, also not by a merge")


def _problem(before: DecisionRecord, after: DecisionRecord) -> str | None:
    old, new = before.document.text("status"), after.document.text("status")
    if new != old and new not in MOVES.get(old, ()):
        return f"{before.id} is {old} and cannot become {new or 'nothing'}"
    if before.document.source != after.document.source and (new == old or _apart(before) != _apart(after)):
        return f"{before.id} was approved and may not be edited"
    return None


def _apart(record: DecisionRecord) -> bytes:
    """The bytes of a record without its status and its review date."""
    document = record.document
    spans = [document.value_span(name) for name in ("status", "last_reviewed") if name in document.fields]
    return apply_edits(document.source, [(start, end, b"") for start, end in spans])


def _finding(path: str, line: int, message: str) -> Finding:
    return Finding(
        rule=RULE.id, path=path, line=line, message=message, fix=f"git restore --source=HEAD --staged --worktree {path}"
    )


RULE = Rule(
    id="record-edited",
    summary="A decision record that approves something is never edited.",
    why="What was approved stays readable as it was approved; a change of mind is a new decision.",
    mend="Restore the file, then decide anew with `sotctl decide`, or take it back with `sotctl admission revoke`.",
    check=check,
)
