"""A decision record that approves a pair has its admission, and an admission in force is never deleted."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admissions.derive import admission_path
from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.errors import Command
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look for the file of every approved record, and of every admission that was in force before."""
    present = {admission.path for admission in change.admissions()}
    expected = {
        path: record
        for record in change.records()
        if record.is_approved and (path := admission_path(change.after, record))
    }
    for path, record in expected.items():
        if change.after.tree.read(path) is None:
            message = f"{record.id} approves {'/'.join(record.named)}, and its admission is missing"
            yield RULE.finding(path, message, Command("sotctl admission generate"))
    for admission in change.admissions_before():
        gone = admission.path not in present and change.after.tree.read(admission.path) is None
        if gone and admission.is_in_force and admission.path not in expected:
            message = f"the admission of {'/'.join(admission.pair)} is in force and may not be deleted"
            yield RULE.finding(admission.path, message, Command("sotctl admission revoke --reason TEXT"))


RULE = PolicyRule(
    id="admission-missing",
    summary="An approved record has its admission, and an admission in force is never deleted.",
    why="Deleting a decision hides it; revoking it records who took it back and why.",
    fix="Write it again with `sotctl admission generate`, or take it back with `sotctl admission revoke`.",
    check=check,
)
