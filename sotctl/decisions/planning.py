"""A decision becomes a record, an admission and one commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sotctl.admissions.admission import readable_admission
from sotctl.admissions.derive import admission_path, derive, in_force
from sotctl.decisions.answers import Answers, complete
from sotctl.documents import layout
from sotctl.documents.dates import today
from sotctl.documents.edits import Edit, apply_edits, header, set_field
from sotctl.documents.frontmatter import GovernedDocument, parse
from sotctl.documents.issues import Issue, IssuesDocument
from sotctl.documents.new_header import new_header
from sotctl.documents.quote import code_span, did_you_mean, escaped
from sotctl.documents.record import DecisionRecord
from sotctl.documents.schema import Schema
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, SotError
from sotctl.plan import Plan


def require_issue(snapshot: Snapshot, issue_id: str) -> tuple[IssuesDocument, Issue]:
    """The issue of that id and its document.

    Raises:
        SotError: The store has no such issue; the message names a close one.
        BlockedError: It stands in two documents.
    """
    found = snapshot.find_issues(issue_id)
    if len(found) > 1:
        places = " and in ".join(f"{issue.path}:{issue.line}" for _, issue in found)
        raise BlockedError(f"{issue_id} stands in {places}; an id means one issue", hint=Command("sotctl check --all"))
    if found:
        return found[0]
    known = [issue.id for issue in snapshot.issues()]
    raise SotError(f"there is no issue {issue_id}{did_you_mean(issue_id, known)}", hint=Command("sotctl issue list"))


def require_template(snapshot: Snapshot, issue_id: str) -> tuple[str, Schema]:
    """The decision template that governs an issue.

    Raises:
        SotError: No template decides it.
        BlockedError: A template of the store cannot be used; it may be the one that decides, or asks for more.
    """
    for name, problem in snapshot.templates.problems.items():
        message = f"{snapshot.store}/templates/{name} cannot be used, so nothing is decided: {problem}"
        raise BlockedError(message, hint="correct it or remove it, then sotctl check --all")
    kind = snapshot.templates.deciding(issue_id)
    if kind is None:
        hint = Command(f"sotctl config decisions.provider-decision --add {issue_id}")
        raise SotError(f"no decision template governs {issue_id}", hint=hint)
    return kind, snapshot.templates.schema(kind, issue_id)


def active_record(snapshot: Snapshot, issue_id: str) -> DecisionRecord | None:
    """The latest decision on an issue that has been neither superseded nor archived."""
    return next((record for record in reversed(snapshot.records(issue_id)) if record.is_active), None)


def plan_decision(snapshot: Snapshot, issue_id: str, answers: Answers, *, now: datetime) -> Plan:
    """Plan the record, its admission and the superseding of the decision before it.

    Args:
        answers: Fields of the decision template, without problems (`answer_problems`).
    Raises:
        SotError: The issue is unknown or no template governs it.
        BlockedError: Another decision or admission is in force and not superseded by this one.
    """
    document, issue = require_issue(snapshot, issue_id)
    record = _new_record(snapshot, document, issue, answers, now)
    superseded = _superseded(snapshot, issue_id, str(answers.get("supersedes", "")))
    files: dict[str, bytes] = {record.path: record.document.source}
    if superseded:
        files |= retire(snapshot, superseded, "superseded", now=now)
    _refuse_second_admission(snapshot, issue_id, superseded)
    if path := admission_path(snapshot, record):
        existing = snapshot.tree.read(path)
        _refuse_collision(path, existing, record)
        _refuse_pair_of_another(snapshot, record)
        files[path] = derive(record, existing, now=now)
    # The record is new: a file of that name must not exist, so that no other writer's record is replaced.
    before = {path: None if path == record.path else snapshot.tree.read(path) for path in files}
    return Plan(files=files, before=before, message=_message(record, superseded))


def _refuse_pair_of_another(snapshot: Snapshot, record: DecisionRecord) -> None:
    """Refuse a pair that is in force for another issue: an admission derives from one decision."""
    for other in snapshot.records():
        if other.is_active and other.issue != record.issue and other.named == record.named:
            pair = "/".join(record.named)
            message = f"{pair} is in force for {other.issue} by {other.id}; a pair may be approved by one decision only"
            raise BlockedError(message, hint=Command(f"sotctl show {other.id}"))


def reviewed(document: GovernedDocument, now: datetime) -> Edit:
    """The edit that sets `last_reviewed` to today, or keeps a later date of a zone ahead of UTC.

    Raises:
        BlockedError: It has no `last_reviewed`.
    """
    if "last_reviewed" not in document.fields:
        raise BlockedError(f"{document.path} has no `last_reviewed`", hint=Command("sotctl check --all"))
    day = max(today(now), document.text("created"), document.text("last_reviewed"))
    return set_field(document, "last_reviewed", day)


def retire(snapshot: Snapshot, record: DecisionRecord, status: str, *, now: datetime) -> dict[str, bytes]:
    """The files that change when a record is superseded or archived: itself, and its admission."""
    document = record.document
    edits = [set_field(document, "status", status), reviewed(document, now)]
    files = {record.path: apply_edits(document.source, edits)}
    for admission in in_force(snapshot):
        if admission.text("decision_record") == record.id:
            files[admission.path] = admission.with_status("revoked")
    return files


def _superseded(snapshot: Snapshot, issue_id: str, named: str) -> DecisionRecord | None:
    current = active_record(snapshot, issue_id)
    if current is None and named:
        raise BlockedError(f"{named} is not a decision on {issue_id} that is in force", hint="leave `supersedes` out")
    if current is None or named == current.id:
        return current
    wrong = f", not {named}" if named else ""
    raise BlockedError(
        f"{current.id} already decides {issue_id}; a new decision must name it as superseded{wrong}",
        hint=Command(f"sotctl decide {issue_id} --set supersedes={current.id}"),
    )


def _new_record(
    snapshot: Snapshot, document: IssuesDocument, issue: Issue, answers: Answers, now: datetime
) -> DecisionRecord:
    kind, schema = require_template(snapshot, issue.id)
    completed = complete(schema, answers)
    number = 1 + max((_number(record.id) for record in snapshot.records(issue.id)), default=0)
    record_id = f"{issue.id}-DR-{number:03d}"
    names = tuple(schema.annotation("x-names") or ())
    named = _named(completed, names)
    headline = "/".join(named) or str(completed["decision_status"]).replace("_", " ")
    governed = new_header(
        f"{record_id} - {headline}",
        status="validated" if named else "draft",
        policy=snapshot.policy,
        owner=document.document.text("owner"),
        route=document.document.text("route"),
        now=now,
    )
    fields = _fields(schema, completed, approved=bool(named))
    values = {**governed, "record_id": record_id, "issue": issue.id, **fields}
    body = snapshot.templates.body(kind).safe_substitute(
        record_id=record_id,
        headline=escaped(headline),
        issue=issue.id,
        issue_title=issue.title,
        effect=values.get("effect", ""),
        summary=_summary(completed, named),
        title=values["title"],
    )
    if rationale := str(answers.get("rationale", "")).strip():
        body = f"{body.rstrip()}\n\n## Rationale\n\n{rationale}\n"
    path = f"{snapshot.store}/{layout.DECISIONS}/{record_id}.md"
    written = parse(path, f"{header(values)}\n{body}".encode())
    return DecisionRecord(document=written, values=written.values, kind=kind, names=names)


def _fields(schema: Schema, completed: Mapping[str, Any], *, approved: bool) -> dict[str, Any]:
    """The template fields of a record: the given ones, and required empty ones."""
    values: dict[str, Any] = {}
    required = schema.resolve(completed).required
    for name, part in schema.root.get("properties", {}).items():
        given = completed.get(name, [] if part.get("type") == "array" else "")
        if approved and part.get("type") == "array" and "default" in part:
            given = [*part["default"], *(item for item in given if item not in part["default"])]
        if given or name in required:
            values[name] = given
    if completed.get("supersedes"):
        values["supersedes"] = completed["supersedes"]
    return values


def _named(values: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    """What a decision approves, such as provider and model; empty while it approves nothing."""
    named = tuple(str(values.get(name, "")) for name in names)
    return named if all(named) else ()


def _summary(values: Mapping[str, Any], named: tuple[str, ...]) -> str:
    if named:
        summary = f"Approved: {' / '.join(map(code_span, named))}."
    else:
        summary = f"Decision: {str(values['decision_status']).replace('_', ' ')}."
    kept = [" / ".join(map(code_span, pair.values())) for pair in values.get("fallback") or []]
    return f"{summary} Kept as context, not admitted: {', '.join(kept)}." if kept else summary


def _number(record_id: str) -> int:
    digits = record_id.rpartition("-DR-")[2]
    return int(digits) if digits.isdigit() else 0


def _refuse_second_admission(snapshot: Snapshot, issue_id: str, superseded: DecisionRecord | None) -> None:
    for admission in in_force(snapshot, issue_id):
        if admission.text("decision_record") != (superseded.id if superseded else ""):
            raise BlockedError(
                f"{admission.path} admits {'/'.join(admission.pair)} and is in force",
                hint=Command(f"sotctl admission revoke {'/'.join(admission.pair)} --reason TEXT"),
            )


def _refuse_collision(path: str, existing: bytes | None, record: DecisionRecord) -> None:
    other = readable_admission(path, existing)
    if other and other.pair != record.named:
        message = f"{path} belongs to another pair, {'/'.join(other.pair)}"
        raise BlockedError(message, hint=Command("sotctl admission list"))


def _message(record: DecisionRecord, superseded: DecisionRecord | None) -> str:
    status = str(record.values["decision_status"])
    subject = f"approve {'/'.join(record.named)}" if record.named else status.replace("_", " ")
    trailers = [f"Issue: {record.issue}", f"Decision-record: {record.id}"]
    if source := record.document.text("approval_source"):
        trailers.append(f"Approval-source: {source}")
    if superseded:
        trailers.append(f"Supersedes: {superseded.id}")
    return f"{record.issue}: {subject}\n\n" + "\n".join(trailers) + "\n"
