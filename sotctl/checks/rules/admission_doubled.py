"""Only one admission is in force for an issue, and only one decision."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.record import DecisionRecord
from sotctl.errors import Command
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Count what is in force for each issue, and the issues that each pair is in force for."""
    yield from _decisions(change)
    yield from _pairs(change)
    yield from _admissions(change)


def _decisions(change: ChangeSet) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for record in change.records():
        if record.is_active:
            other = first.setdefault(record.issue, record.id)
            if other != record.id:
                message = f"{other} and {record.id} both decide {record.issue}"
                fix = f"set `supersedes: {other}` by a new decision: sotctl decide {record.issue}"
                yield RULE.finding(record.path, message, fix, line=record.document.line_of("record_id"))


def _pairs(change: ChangeSet) -> Iterator[Finding]:
    pairs: dict[tuple[str, ...], DecisionRecord] = {}
    for record in change.records():
        if record.is_active and record.named:
            earlier = pairs.setdefault(record.named, record)
            if earlier.issue != record.issue:
                message = f"{'/'.join(record.named)} is in force for {earlier.issue} by {earlier.id} already"
                fix = f"name another pair, or supersede {earlier.id}"
                yield RULE.finding(record.path, message, fix, line=record.document.line_of(record.names[-1]))


def _admissions(change: ChangeSet) -> Iterator[Finding]:
    issues = {record.id: record.issue for record in change.records()}
    admitted: dict[str, str] = {}
    for admission in change.admissions():
        issue = issues.get(admission.text("decision_record"), "")
        if admission.is_in_force:
            other = admitted.setdefault(issue, admission.path)
            if other != admission.path:
                message = f"{other} is in force for {issue or 'the same issue'} already"
                yield RULE.finding(admission.path, message, Command("sotctl admission revoke --reason TEXT"))


RULE = PolicyRule(
    id="admission-doubled",
    summary="Only one decision and one admission are in force for an issue.",
    why="Two admissions in force would leave it to the environment which model runs.",
    fix="Supersede one decision by the other (`sotctl decide`), or revoke one (`sotctl admission revoke`).",
    check=check,
)
