"""An admission in force derives from a decision record that approves its pair."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.errors import Command
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look up the record of every admission in force."""
    is_approved = {record.id: record.is_approved for record in change.records()}
    for admission in change.admissions():
        record = admission.text("decision_record")
        if not admission.is_in_force or is_approved.get(record):
            continue
        reason = f"{record} is not in force" if record in is_approved else f"there is no record {record}"
        message = f"{'/'.join(admission.pair)} is admitted, but {reason if record else 'names no decision record'}"
        fix = Command(f"sotctl decide {admission.issue or 'ISSUE'}")
        yield RULE.finding(admission.path, message, fix, line=admission.line_of("decision_record"))


RULE = PolicyRule(
    id="admission-without-record",
    summary="An admission in force derives from a decision record that approves its pair.",
    why="An admission is never written by hand: without its record nobody knows who approved it, and on what grounds.",
    fix="Decide with `sotctl decide`, which writes record and admission together, or delete the stray file.",
    check=check,
)
