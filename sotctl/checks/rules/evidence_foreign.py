"""A new evidence record is of a run with an admission of this store."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admissions.derive import admissions
from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.evidence_record import KIND, evidence_records
from sotctl.errors import Command
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare the digests and the pair of every record that the change adds or rewrites with the admissions.

    A merge brings records that were compared when they were written; their admission may have been superseded since.
    """
    if change.is_merge or not change.touches(KIND):
        return
    known = {admission.sha256: admission.pair for admission in admissions(change.after)}
    for record in evidence_records(change.after):
        if record.path not in change.changed or not record.counts or change.before is None:
            continue
        digest, pair = record.text("admission_sha256"), (record.text("provider"), record.text("model"))
        if known.get(digest) != pair:
            reason = "is that of another pair" if digest in known else "is that of no admission in this store"
            fix = Command("sotctl evidence record RUN_DIR")
            line = record.document.line_of("admission_sha256")
            yield RULE.finding(record.path, f"`admission_sha256` {reason}", fix, line=line)


RULE = PolicyRule(
    id="evidence-foreign",
    summary="An evidence record is of a run with an admission of this store.",
    why="Evidence for another admission, or for another pair, shows nothing of this one.",
    fix="Run Stage 2 with the committed admission, and record that run.",
    check=check,
)
