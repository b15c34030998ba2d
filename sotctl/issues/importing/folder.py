"""The records of a folder: which files hold one, their ids, and which files are left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sotctl.findings import RejectedError
from sotctl.issues.importing import names
from sotctl.issues.importing.places import records_within
from sotctl.issues.importing.record import SourceRecord, read_record


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that is not imported, and why; `is_record` where it is, or may be, a decision record."""

    path: str
    reason: str
    line: int = 0
    fix: str = ""
    is_record: bool = False

    def to_json(self) -> dict[str, object]:
        """The file with its reason, for a program."""
        return {"path": self.path, "line": self.line or None, "reason": self.reason, "fix": self.fix}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The contents of a folder: records by issue id, in order, the files left out, and notes by path."""

    records: Mapping[str, SourceRecord]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...] = ()


def read_folder(files: Mapping[str, bytes], own_statuses: Collection[str] = ()) -> Folder:
    """Read the files of a folder, by path relative to it; *own_statuses* are the status words of the store."""
    read = [_read(path, files[path], own_statuses) for path in sorted(files, key=_order)]
    ids, notes = _with_ids([one for one in read if isinstance(one, SourceRecord)])
    left_out = tuple(one for one in read if isinstance(one, LeftOut))
    return Folder(records=ids, left_out=left_out, notes=tuple(notes))


def _read(path: str, data: bytes, own_statuses: Collection[str]) -> SourceRecord | LeftOut:
    if reason := names.why_not(path):
        is_record = reason == "not Markdown" and names.number_of(path) is not None
        return LeftOut(path=path, reason=reason, is_record=is_record)
    try:
        record = read_record(path, data, own_statuses)
    except RejectedError as error:
        first = error.findings[0]
        return LeftOut(path=path, line=first.line, reason=first.message, fix=first.fix, is_record=True)
    if len(within := records_within(record.nodes)) > 1:
        reason = f"it holds {len(within)} records; put each into a file of its own"
        return LeftOut(path=path, line=record.line_at(within[1].start), reason=reason, is_record=True)
    if not record.body.strip() and not record.header.written.strip():
        return LeftOut(path=path, reason="it is empty", is_record=record.number is not None)
    if record.number is None and not record.statuses:
        return LeftOut(path=path, reason="not a record: it has neither a number nor a status")
    return record


def _order(path: str) -> tuple[int, str]:
    number = names.number_of(path)
    return (number.number if number else 10**20, path)


def _with_ids(records: Sequence[SourceRecord]) -> tuple[dict[str, SourceRecord], list[str]]:
    """The records by issue id. One number for two records gives each a suffix; a record without one gets the next."""
    notes: list[str] = []
    counts = Counter(record.number.number for record in records if record.number)
    plain = [record.number.number for record in records if record.number and not record.number.is_date]
    free = max(plain, default=0)
    used: Counter[int] = Counter()
    found: dict[str, SourceRecord] = {}
    for record in records:
        if record.number is None:
            free += 1
            issue_id = f"ADR-{free:04d}"
            notes.append(f"{record.path}: it has no number; it becomes {issue_id}")
        elif counts[number := record.number.number] > 1:
            used[number] += 1
            issue_id = f"ADR-{number:04d}-{used[number]}"
            notes.append(f"{record.path}: another record has its number too; it becomes {issue_id}")
        else:
            issue_id = f"ADR-{number:04d}"
        found[issue_id] = record
        notes += [f"{record.path}: {note}" for note in record.notes]
    return dict(sorted(found.items(), key=lambda item: _number_order(item[0]))), notes


def _number_order(issue_id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in issue_id.split("-")[1:])
