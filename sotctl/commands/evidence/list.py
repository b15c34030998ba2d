"""List the evidence records of the store."""

from __future__ import annotations

from sotctl.app.app import App
from sotctl.app.verb import verb
from sotctl.documents.evidence_record import EvidenceRecord, evidence_records
from sotctl.result import Result

FIELDS = (
    *("issue", "run_id", "run_directory", "result", "provider", "model", "admission_sha256", "report_sha256"),
    *("backend", "backend_sha256", "backend_commit", "isolation", "location", "pack_sha256"),
)


@verb(example="sotctl evidence list --json")
def command(app: App) -> Result:
    """List every evidence record."""
    found = list(evidence_records(app.snapshot))
    rows = [
        {"path": record.path, "counts": record.counts, **{name: record.text(name) for name in FIELDS}}
        for record in found
    ]
    none = "no evidence; next: sotctl stage2 run --help"
    return Result(
        type="sotctl.evidence/v1", values={"records": rows}, text="\n".join(_line(record) for record in found) or none
    )


def _line(record: EvidenceRecord) -> str:
    state = "pass" if record.counts else record.text("status")
    backend = record.text("backend") or "case, reported as v1"
    pair = f"{record.text('provider')}/{record.text('model')}"
    return f"{state:<8}  {record.text('issue')}  {pair}  {backend}  {record.path}"
