"""The admission that follows from a decision record (docs/reference/admissions.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sotctl.admissions.admission import Admission, parse_admission, render
from sotctl.documents.dates import stamp
from sotctl.documents.layout import in_file_name
from sotctl.documents.record import DecisionRecord
from sotctl.documents.snapshot import Snapshot
from sotctl.findings import RejectedError

COPIED = (
    "provider",
    "model",
    "credential_source_class",
    "allowed_network_class",
    "approval_source",
    "review_trigger",
    "served_models",
    "evidence_expectations",
    "fallback",
    "supersedes",
)


def admission_path(snapshot: Snapshot, record: DecisionRecord) -> str | None:
    """The path of a record's admission; None where its template derives none or the record names no pair."""
    derives = snapshot.templates.schema(record.kind).annotation("x-derives")
    if not derives or not record.named:
        return None
    values = {name: in_file_name(value) for name, value in zip(record.names, record.named, strict=True)}
    return f"{snapshot.store}/{str(derives['path']).format(**values)}"


def derived_values(record: DecisionRecord, *, timestamp: str) -> dict[str, Any]:
    """The values of the admission derived from a record; `status` follows the record's."""
    values: dict[str, Any] = {key: record.values[key] for key in COPIED if record.values.get(key)}
    values["status"] = "admitted" if record.is_approved else "revoked"
    values["admission_timestamp"] = timestamp
    values["decision_record"] = record.id
    values["rationale"] = record.rationale
    return values


def derive(record: DecisionRecord, existing: bytes | None, *, now: datetime) -> bytes:
    """The bytes of the admission of *record*; while nothing else changes, *existing* keeps its timestamp."""
    kept = _timestamp(existing)
    if kept is not None and existing is not None and render(derived_values(record, timestamp=kept)) == existing:
        return existing
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
        data = snapshot.tree.read(path)
        if data is None:
            continue
        try:
            yield parse_admission(path, data)
        except RejectedError:
            continue


def issue_to_decide(snapshot: Snapshot) -> str:
    """The issue whose decision admits a pair, for a hint; ISSUE where there is none or more than one."""
    known = [issue.id for issue in snapshot.issues()]
    found = [issue_id for issue_id in snapshot.templates.admitting() if issue_id in known]
    return found[0] if len(found) == 1 else "ISSUE"


def _timestamp(existing: bytes | None) -> str | None:
    if existing is None:
        return None
    try:
        return parse_admission("", existing).text("admission_timestamp") or None
    except RejectedError:
        return None
