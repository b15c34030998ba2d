"""The admission that follows from a decision record (docs/reference/admissions.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sotctl.admissions.admission import Admission, keys, readable_admission, render
from sotctl.documents.dates import stamp
from sotctl.documents.layout import in_file_name
from sotctl.documents.record import DecisionRecord
from sotctl.documents.snapshot import Snapshot


def admission_path(snapshot: Snapshot, record: DecisionRecord) -> str | None:
    """The path of a record's admission; None where its template derives none or the record names no pair."""
    derives = snapshot.templates.schema(record.kind).annotation("x-derives")
    if not derives or not record.named:
        return None
    values = {name: in_file_name(value) for name, value in zip(record.names, record.named, strict=True)}
    return f"{snapshot.store}/{str(derives['path']).format(**values)}"


def derived_values(record: DecisionRecord, *, timestamp: str) -> dict[str, Any]:
    """The values of the admission derived from a record; `status` follows the record's."""
    values: dict[str, Any] = {key: record.values[key] for key in keys() if record.values.get(key)}
    values["status"] = "admitted" if record.is_approved else "revoked"
    values["admission_timestamp"] = timestamp
    values["decision_record"] = record.id
    values["rationale"] = record.rationale
    return values


def derive(record: DecisionRecord, existing: bytes | None, *, now: datetime) -> bytes:
    """The bytes of the admission of *record*; while nothing else changes, *existing* keeps its timestamp."""
    before = readable_admission("", existing)
    kept = before.text("admission_timestamp") if before else ""
    if before and kept and render(derived_values(record, timestamp=kept)) == before.data:
        return before.data
    return render(derived_values(record, timestamp=stamp(now)))


def differing_keys(admission: Admission, record: DecisionRecord) -> list[str]:
    """The keys, except the timestamp, in which an admission differs from what its record derives."""
    expected: Mapping[str, Any] = derived_values(record, timestamp=admission.text("admission_timestamp"))
    expected = {key: value for key, value in expected.items() if value not in ("", [])}
    found = admission.values
    return sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key))


def admissions(snapshot: Snapshot) -> Iterator[Admission]:
    """Every admission of a store that is strict JSON."""
    for path in snapshot.paths("admission"):
        if admission := readable_admission(path, snapshot.tree.read(path)):
            yield admission


def in_force(snapshot: Snapshot, issue_id: str | None = None) -> list[Admission]:
    """The admissions of a store that are in force, or those for one issue."""
    found = [admission for admission in admissions(snapshot) if admission.is_in_force]
    return [admission for admission in found if issue_id in (None, admission.issue)]


def issue_to_decide(snapshot: Snapshot) -> str:
    """The issue whose decision admits a pair, for a hint; ISSUE where there is none or more than one."""
    known = [issue.id for issue in snapshot.issues()]
    found = [issue_id for issue_id in snapshot.templates.admitting() if issue_id in known]
    return found[0] if len(found) == 1 else "ISSUE"
