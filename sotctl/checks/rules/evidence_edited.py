"""An evidence record is never edited or deleted; one that no longer counts is archived."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.edits import without_fields
from sotctl.documents.evidence_record import KIND, EvidenceRecord, evidence_records
from sotctl.documents.frontmatter import GovernedDocument
from sotctl.findings import Finding

OPEN = ("status", "last_reviewed")
"""The fields that archiving changes."""


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every record that was there before with what became of it."""
    if change.before is None or not change.touches(KIND):
        return
    after = {record.path: record.document for record in evidence_records(change.after)}
    for record in evidence_records(change.before):
        if record.path not in change.changed:
            continue
        if problem := _problem(record, after.get(record.path)):
            yield RULE.finding(record.path, problem, change.restoring(record.path))


def _problem(record: EvidenceRecord, now: GovernedDocument | None) -> str:
    if now is None:
        return "an evidence record may not be deleted"
    if record.text("status") == "archived" != now.text("status"):
        return "an evidence record that is archived stays so"
    if without_fields(now, OPEN) != without_fields(record.document, OPEN):
        return "an evidence record may not be edited, apart from its status"
    return ""


RULE = PolicyRule(
    id="evidence-edited",
    summary="An evidence record is never edited or deleted.",
    why="It pins a run by its digests; another digest would be the record of another run.",
    fix="Restore the file; set `status: archived` on a record that no longer counts, and record the new run.",
    check=check,
)
