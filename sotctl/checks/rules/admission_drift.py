"""An admission says what its decision record says, and lies where its pair puts it."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admissions.derive import admission_path, differing_keys
from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.record import DecisionRecord
from sotctl.errors import Command
from sotctl.findings import Finding

_GENERATE = Command("sotctl admission generate")


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every admission that names a record with it."""
    records = {record.id: record for record in change.records()}
    yield from _sharing(change, list(records.values()))
    latest = {path: record for record in records.values() if (path := admission_path(change.after, record))}
    for admission in change.admissions():
        record = records.get(admission.text("decision_record"))
        if record is None:
            continue
        expected = admission_path(change.after, record)
        if expected and expected != admission.path:
            message = f"the admission of {'/'.join(record.named)} lies at {expected}"
            yield RULE.finding(admission.path, message, _GENERATE)
        if latest.get(admission.path, record) is not record and record.is_active:
            continue
        if keys := differing_keys(admission, record):
            message = f"{', '.join(keys)} differ{'s' * (len(keys) == 1)} from {record.id}"
            yield RULE.finding(admission.path, message, _GENERATE, line=admission.line_of(keys[0]))


def _sharing(change: ChangeSet, records: list[DecisionRecord]) -> Iterator[Finding]:
    """Records that a change brings and whose pair would lie in the file of another pair."""
    first: dict[str, DecisionRecord] = {}
    for record in records:
        path = admission_path(change.after, record)
        other = first.setdefault(path, record) if path else record
        if other.named != record.named and (record.path in change.changed or other.path in change.changed):
            pairs = " and ".join("/".join(one.named) for one in (other, record))
            message = f"{pairs} are two pairs, and both would lie in {path}"
            line = record.document.line_of(record.names[-1])
            yield RULE.finding(record.path, message, "name another pair", line=line)


RULE = PolicyRule(
    id="admission-drift",
    summary="An admission says what its decision record says.",
    why="The record is what was approved; an admission that says anything else would run what nobody approved.",
    fix="Run `sotctl admission generate` to derive the JSON again, or `sotctl decide` to decide anew.",
    check=check,
)
