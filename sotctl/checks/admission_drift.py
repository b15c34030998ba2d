"""An admission says what its decision record says, and lies where its pair puts it."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admission.derive import admission_path, differing_keys
from sotctl.checks.change import ChangeSet, Rule
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every admission that names a record with it."""
    records = {record.id: record for record in change.records()}
    latest = {path: record for record in records.values() if (path := admission_path(change.after, record))}
    for admission in change.admissions():
        record = records.get(admission.text("decision_record"))
        if record is None:
            continue
        expected = admission_path(change.after, record)
        if expected and expected != admission.path:
            message = f"the admission of {'/'.join(record.named)} lies at {expected}"
            yield _finding(admission.path, 1, message)
        if latest.get(admission.path, record) is not record and record.is_active:
            continue
        if keys := differing_keys(admission, record):
            message = f"{', '.join(keys)} differ{'s' * (len(keys) == 1)} from {record.id}"
            yield _finding(admission.path, admission.line_of(keys[0]), message)


def _finding(path: str, line: int, message: str) -> Finding:
    return Finding(rule=RULE.id, path=path, line=line, message=message, fix="sotctl admission generate")


RULE = Rule(
    id="admission-drift",
    summary="An admission says what its decision record says.",
    why="The record is what was approved; an admission that says anything else would run what nobody approved.",
    fix="Run `sotctl admission generate` to derive the JSON again, or `sotctl decide` to decide anew.",
    check=check,
)
