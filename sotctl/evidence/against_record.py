"""Compares a verified run with the evidence record that pins it."""

from __future__ import annotations

from dataclasses import replace

from sotctl.documents.evidence_record import EvidenceRecord, evidence_records
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command, SotError
from sotctl.evidence.reasons import EXPLANATIONS
from sotctl.evidence.verify import Verified
from sotctl.findings import Finding


def against_record(verified: Verified, snapshot: Snapshot, record_id: str, pack_sha256: str) -> Verified:
    """A verified run with the differences from its record as findings; *pack_sha256* is "" for a run directory.

    Raises:
        SotError: There is no record of that run.
    """
    record = require_record(snapshot, record_id)
    found = [
        _finding(record, name)
        for name, value in (("report_sha256", verified.report_sha256), ("run_id", verified.run_id))
        if record.text(name) != value
    ]
    if pack_sha256 and record.text("pack_sha256") not in ("", pack_sha256):
        found.append(_finding(record, "pack_sha256"))
    return replace(verified, findings=(*verified.findings, *found))


def require_record(snapshot: Snapshot, record_id: str) -> EvidenceRecord:
    """The evidence record of a run, or the only one whose run begins with *record_id*.

    Raises:
        SotError: There is none, or more than one.
    """
    known = list(evidence_records(snapshot))
    found = [record for record in known if record.text("run_id") == record_id] or [
        record for record in known if record.text("run_id").startswith(record_id)
    ]
    if len(found) != 1:
        many = "more than one evidence record begins with" if found else "there is no evidence record"
        raise SotError(f"{many} {record_id}", hint=Command("sotctl evidence list"))
    return found[0]


def _finding(record: EvidenceRecord, name: str) -> Finding:
    message = f"`{name}` of the record is not that of the run"
    line = record.document.line_of(name)
    return EXPLANATIONS["evidence-not-recorded"].finding(
        record.path, message, Command("sotctl evidence list"), line=line
    )
