"""An evidence record as a value: the document that pins one run by its digests."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.snapshot import Snapshot

KIND = "evidence-record"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """One evidence record of a store; `is_valid` says that nothing is wrong with the document itself."""

    document: GovernedDocument
    is_valid: bool

    @property
    def path(self) -> str:
        """Where the record lies."""
        return self.document.path

    def text(self, name: str) -> str:
        """The value of a field, or ""."""
        return self.document.text(name)

    @property
    def counts(self) -> bool:
        """Whether it stands for a pass and has not been archived."""
        return self.text("status") == "validated" and self.text("result") == "pass"


def evidence_records(snapshot: Snapshot) -> Iterator[EvidenceRecord]:
    """Every evidence record that can be read, in order of path."""
    for path in snapshot.paths(KIND):
        loaded = snapshot.load(path)
        if loaded.document:
            yield EvidenceRecord(document=loaded.document, is_valid=not loaded.findings)


def passes(snapshot: Snapshot, issue_id: str) -> Iterator[EvidenceRecord]:
    """The valid records of a Stage 2 pass for an issue, in order of path."""
    for record in evidence_records(snapshot):
        if record.counts and record.is_valid and record.text("issue") == issue_id:
            yield record


def pass_with(snapshot: Snapshot, issue_id: str, digests: Collection[str]) -> EvidenceRecord | None:
    """The latest valid record of a pass for an issue whose admission has one of these digests."""
    found = [record for record in passes(snapshot, issue_id) if record.text("admission_sha256") in digests]
    return found[-1] if found else None
