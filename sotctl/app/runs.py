"""Checks the runs that evidence records pin, if their directories are on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sotctl.documents.evidence_record import EvidenceRecord, passes
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.issues.moves import HELD, Obstacle


def unsound_runs(snapshot: Snapshot, issue: Issue, to: str) -> list[Obstacle]:
    """The recorded passes of an issue whose run directory is here and no longer shows what was recorded.

    They forbid every move to a status in which work goes on. The commit gate sees no run directory and compares the
    record with the admission only.
    """
    return [] if to in HELD else list(_unsound(passes(snapshot, issue.id)))


def _unsound(records: Iterator[EvidenceRecord]) -> Iterator[Obstacle]:
    for record in records:
        folder = Path(record.text("run_directory"))
        if not record.text("run_directory") or not folder.is_dir():
            continue
        from sotctl.stage2.verification import verify_directory

        verified = verify_directory(folder)
        if verified.findings or verified.report_sha256 != record.text("report_sha256"):
            yield Obstacle(
                path=record.path,
                line=record.document.line_of("run_directory"),
                message=f"the run {record.text('run_id')} no longer matches its record",
                fix=Command(f"sotctl evidence verify {folder}"),
            )
