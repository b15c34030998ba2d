"""A decision that supersedes another leaves the other superseded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.record import DecisionRecord
from sotctl.errors import Command
from sotctl.findings import Finding

Records = Mapping[str, DecisionRecord]


def check(change: ChangeSet) -> Iterator[Finding]:
    """Check that a new decision and the one it supersedes refer to each other in the same change."""
    records = _by_id(change.records())
    if change.before is not None:
        yield from _one_sided(change, _by_id(change.records_before()), records)
    for record in records.values():
        named = record.document.text("supersedes")
        if not named:
            continue
        other = records.get(named)
        if other is None or other.issue != record.issue:
            message = f"{record.id} supersedes {named}, which is no decision on {record.issue}"
            yield _finding(record, "supersedes", message)
        elif other.is_active:
            message = f"{record.id} supersedes {named}, which still has the status {other.document.text('status')}"
            yield RULE.finding(other.path, message, "status: superseded", line=other.document.line_of("status"))


def _by_id(records: Iterable[DecisionRecord]) -> Records:
    """The records that have an id; one without is a finding of another rule."""
    return {record.id: record for record in records if record.id}


def _one_sided(change: ChangeSet, before: Records, after: Records) -> Iterator[Finding]:
    """New decisions that do not name the one in force, and decisions that are superseded by none."""
    named = {record.document.text("supersedes") for record in after.values()}
    for record in after.values():
        old = before.get(record.id)
        if old is None:
            if message := _unconnected(record, _in_force(change, before, after, record.issue), before, after):
                yield _finding(record, "supersedes", message)
        elif old.is_active and record.document.text("status") == "superseded" and record.id not in named:
            yield _finding(record, "status", f"{record.id} is superseded, and no decision says by what")


def _in_force(change: ChangeSet, before: Records, after: Records, issue: str) -> DecisionRecord | None:
    """The decision on an issue that a new one supersedes; one that a merge brings may have been revoked before that."""
    found = [old for old in before.values() if old.issue == issue and old.is_active]
    if change.is_merge:
        found = [old for old in found if old.id in after and after[old.id].document.text("status") != "archived"]
    return found[-1] if found else None


def _unconnected(record: DecisionRecord, in_force: DecisionRecord | None, before: Records, after: Records) -> str:
    """Why a new decision does not follow from the one in force, directly or over others that are new with it."""
    named = record.document.text("supersedes")
    passed = {record.id}
    while named in after and named not in before:
        if named in passed:
            return f"{record.id} supersedes {named} in a circle: no decision comes first"
        passed.add(named)
        named = after[named].document.text("supersedes")
    if in_force and named != in_force.id:
        return f"{record.id} is a new decision on {record.issue} and does not name {in_force.id}, which it supersedes"
    if named in before and not before[named].is_active:
        return f"{record.id} supersedes {named}, which was not in force any more"
    return ""


def _finding(record: DecisionRecord, field: str, message: str) -> Finding:
    fix = Command(f"sotctl decide {record.issue}")
    return RULE.finding(record.path, message, fix, line=record.document.line_of(field))


RULE = PolicyRule(
    id="supersedes-broken",
    summary="A superseded decision exists and has the status superseded.",
    why="Both sides of a superseding change in one commit, so that no reader finds two decisions in force.",
    fix="Let `sotctl decide` write both sides, or set the status of the older record to superseded.",
    check=check,
)
