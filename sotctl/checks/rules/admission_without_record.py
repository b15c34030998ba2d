"""An admission in force derives from a decision record that approves its pair."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.errors import Command
from sotctl.findings import Finding, at


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look the record of every admission in force up."""
    approved = {record.id for record in change.records() if record.is_approved}
    known = {record.id for record in change.records()}
    for admission in change.admissions():
        record = admission.text("decision_record")
        if not admission.is_in_force or record in approved:
            continue
        reason = f"{record} is not in force" if record in known else f"there is no record {record}"
        message = f"{'/'.join(admission.pair)} is admitted, but {reason if record else 'names no decision record'}"
        yield Finding(
            rule=RULE,
            location=at(admission.path, admission.line_of("decision_record")),
            message=message,
            fix=Command(f"sotctl decide {admission.issue or 'ISSUE'}"),
        )


RULE = PolicyRule(
    id="admission-without-record",
    summary="An admission in force derives from a decision record that approves its pair.",
    why="An admission is never written by hand: without its record nobody knows who approved it, and on what grounds.",
    fix="Decide with `sotctl decide`, which writes record and admission together, or delete the stray file.",
    check=check,
)
