"""Plans the issues documents that imported records become, and the one that a flattened document becomes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate, count

from sotctl.documents import layout
from sotctl.documents.dates import today
from sotctl.documents.edits import apply_edits, set_field
from sotctl.documents.frontmatter import parse
from sotctl.documents.issues import Issue, parse_issues
from sotctl.documents.new_header import new_document
from sotctl.documents.quote import code_span, counted, quote
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.text import MAX_BYTES
from sotctl.errors import BlockedError, UsageError
from sotctl.findings import Finding, Location, RejectedError
from sotctl.issues.importing import names
from sotctl.issues.importing.choices import chosen, status_problem
from sotctl.issues.importing.flattened import unflatten
from sotctl.issues.importing.folder import Folder, LeftOut
from sotctl.issues.importing.links import kept_apart
from sotctl.issues.importing.record import SourceRecord
from sotctl.issues.importing.section import Section, as_section, numbered_lines
from sotctl.plan import Plan
from sotctl.secrets import scan_text

_FULL_BYTES = MAX_BYTES * 3 // 4  # space is left for later changes of the issues


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A record as it arrives: the file it comes from, and its issue; `written` is its status as the file has it."""

    id: str
    title: str
    status: str
    written: str
    source: str
    section: Section
    notes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImport:
    """What an import writes: the plan, the imported records, the files left out, and notes.

    `places` gives, by planned document and line, the file and line that it comes from.
    """

    plan: Plan
    records: tuple[Imported, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    places: Mapping[str, Mapping[int, tuple[str, int]]]

    def at_source(self, findings: Sequence[Finding]) -> list[Finding]:
        """Findings in the planned document, moved to the files that its lines come from."""
        moved = []
        for finding in findings:
            if place := self.places.get(finding.path, {}).get(finding.line):
                finding = replace(finding, location=Location(file=place[0], line=place[1]))
            moved.append(finding)
        return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    path: str
    before: bytes | None
    data: bytes
    places: Mapping[int, tuple[str, int]]


def document_path(snapshot: Snapshot, name: str) -> str:
    """The path of the issues document called *name*, with the ending that makes it a governed one.

    Raises:
        UsageError: The name leads out of the folder of issues documents, or is no name.
    """
    base = names.stem(name) if names.ending(name) in (".txt", ".text", *names.MARKDOWN) else name
    path = f"{snapshot.store}/{layout.ISSUES}/{base}.md"
    parts = base.split("/")
    if not base.strip() or any(part in ("", ".", "..") for part in parts) or not base.isprintable() or "\\" in base:
        raise UsageError(f"{quote(name)} is not a name for a document", hint="--as NAME, such as --as ADR.md")
    if snapshot.kind_of(path) != "issues":
        raise UsageError(f"nothing governs a document at {path}", hint="--as NAME, such as --as ADR.md")
    return path


def plan_restored(snapshot: Snapshot, name: str, text: str) -> Plan:
    """Plan to write a flattened document with its lines restored, under its own name."""
    path = document_path(snapshot, name)
    before = snapshot.tree.read(path)
    message = f"Import {path.rpartition('/')[2]}\n"
    return Plan(files={path: unflatten(text).encode()}, before={path: before}, message=message)


def plan_records(
    snapshot: Snapshot, name: str, folder: Folder, choices: Mapping[str, str], *, base: str, now: datetime
) -> PlannedImport:
    """Plan to write the records of *folder*, which lies at *base*, as issues of one document, at its end if it exists.

    Where that would be larger than a document may be, the rest goes into further ones.

    *choices* are statuses by word as written, by path, or by "" for records that state none.

    Raises:
        BlockedError: None of the records can be written.
        RejectedError: The document exists and cannot be read.
    """
    path = document_path(snapshot, name)
    known = snapshot.known(folder.records)
    arrived = [
        _arrived(snapshot, record, issue_id, known.get(issue_id), choices, base)
        for issue_id, record in folder.records.items()
    ]
    records = [one for one in arrived if isinstance(one, Imported)]
    left_out = [*folder.left_out, *(one for one in arrived if isinstance(one, LeftOut))]
    if not records:
        raise NothingToImportError(base, left_out)
    documents = list(_documents(snapshot, path, records, now))
    return PlannedImport(
        plan=Plan(
            files={document.path: document.data for document in documents},
            before={document.path: document.before for document in documents},
            message=f"Import {counted(len(records), 'decision record')}\n",
        ),
        records=tuple(records),
        left_out=tuple(left_out),
        notes=(*folder.notes, *(note for record in records for note in record.notes)),
        places={document.path: document.places for document in documents},
    )


def _documents(snapshot: Snapshot, path: str, waiting: list[Imported], now: datetime) -> Iterator[_Document]:
    """The documents that hold the records: the one at *path*, and where that is full, `-2`, `-3` and so on."""
    for number in count(1):
        if not waiting:
            return
        target = path if number == 1 else f"{path.removesuffix('.md')}-{number}.md"
        before = snapshot.tree.read(target)
        lead = _existing(snapshot, target, now) if before is not None else _new(snapshot, now)
        sizes = accumulate(len(record.section.text.encode()) for record in waiting)
        fitting = sum(1 for size in sizes if len(lead) + size <= _FULL_BYTES)
        taken, waiting = waiting[:fitting], waiting[fitting:]
        if taken:
            texts = {record.id: record.section.text for record in taken}
            _, *apart = kept_apart({target: lead.decode(), **texts}).values()
            lines = numbered_lines({record.source: record.section for record in taken}, lead.count(b"\n") + 1)
            yield _Document(path=target, before=before, data=lead + "".join(apart).encode(), places=lines)


class NothingToImportError(BlockedError):
    """Not one record of a folder can be imported; `left_out` says why for each file."""

    def __init__(self, base: str, left_out: list[LeftOut]) -> None:
        self.left_out = left_out
        super().__init__(
            f"no record of {quote(base)} can be imported; nothing was written",
            hint="a record is a Markdown file with a number in its name, such as 0007-use-git.md",
            details={"left_out": [one.to_json() for one in left_out]},
        )


def _arrived(
    snapshot: Snapshot,
    record: SourceRecord,
    issue_id: str,
    known: Issue | None,
    choices: Mapping[str, str],
    base: str,
) -> Imported | LeftOut:
    """A record as it arrives, or why it does not; *known* is the issue that has its id already."""
    source = record.path if base == "." else f"{base}/{record.path}"
    if known:
        return _known_already(snapshot, known, record, source)
    status = chosen(record, choices)
    if not status:
        return status_problem(record)
    section = as_section(record, issue_id, status, source=source)
    if section is None:
        reason = "something in it is never closed, and would swallow the next record"
        return LeftOut(path=record.path, reason=reason, line=record.line_at(record.nodes[-1].start), is_record=True)
    if broken := _broken(snapshot, issue_id, status, section):
        return LeftOut(path=record.path, reason=broken[0], line=broken[1], is_record=True)
    return Imported(
        id=issue_id,
        title=record.title.text,
        status=status,
        written=record.written,
        source=source,
        section=section,
        notes=[f"{record.path}: {note}" for note in section.notes],
    )


def _known_already(snapshot: Snapshot, issue: Issue, record: SourceRecord, source: str) -> LeftOut:
    """A record whose id the store has: by an earlier import of the same file, or as another issue."""
    place = f"{issue.path}:{issue.line}"
    section = (snapshot.read(issue.path) or b"")[issue.start : issue.end]
    if code_span(source).encode() in section:
        return LeftOut(path=record.path, reason=f"{issue.id} is in {place} already")
    reason = f"{issue.id} is another issue, {place}"
    return LeftOut(path=record.path, reason=reason, fix="give the file another number", is_record=True)


def _broken(snapshot: Snapshot, issue_id: str, status: str, section: Section) -> tuple[str, int] | None:
    """What is wrong with a section on its own, with the line of its file: it must read back as the issue."""
    text = section.text[1:]
    origins = [origin for _, origin in section.lines]
    if len(text.encode()) > _FULL_BYTES - 4096:
        return "it is too large for a document", origins[0]
    for secret in scan_text(text):
        at = text.encode().count(b"\n", 0, secret.start)
        return f"it holds what looks like a secret ({secret.rule})", origins[at]
    lead = "---\ntitle: x\n---\n"
    try:
        document = parse("record.md", (lead + text).encode(), header_too=False)
        read = parse_issues(document, tuple(snapshot.policy.moves))
        findings, issues = list(read.findings), read.issues
    except RecursionError:
        return "it is nested too deeply to be read", origins[0]
    except RejectedError as error:
        findings, issues = error.findings, ()
    for finding in findings:
        return finding.message, origins[min(max(finding.line - 4, 0), len(origins) - 1)]
    if [(issue.id, issue.status) for issue in issues] != [(issue_id, status)]:
        return "its text cannot be kept inside one issue", origins[0]
    return None


def _new(snapshot: Snapshot, now: datetime) -> bytes:
    return new_document("Architecture Decision Records", policy=snapshot.policy, route="imported", now=now).encode()


def _existing(snapshot: Snapshot, path: str, now: datetime) -> bytes:
    """The document that is there, dated, with one line end after it."""
    loaded = snapshot.load(path)
    if loaded.document is None:
        raise RejectedError(loaded.findings)
    document = loaded.document
    reviewed = max(document.text("last_reviewed"), today(now))
    edits = [set_field(document, "last_reviewed", reviewed)] if "last_reviewed" in document.fields else []
    return apply_edits(document.source, edits).rstrip() + b"\n"
