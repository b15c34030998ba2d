"""An admission in force changes with its decision, and not otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admissions.derive import differing_keys
from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every admission that stays in force under the same record with what it was.

    An admission that differs from its record may be made equal to it again.
    """
    records = {record.id: record for record in change.records_before()}
    after = {admission.path: admission for admission in change.admissions() if admission.is_in_force}
    for old in change.admissions_before():
        new, record = after.get(old.path), records.get(old.text("decision_record"))
        if new is None or record is None or not old.is_in_force or old.path not in change.changed:
            continue
        if new.text("decision_record") == record.id and new.data != old.data and not differing_keys(old, record):
            keys = [key for key in {**old.values, **new.values} if old.values.get(key) != new.values.get(key)]
            message = f"{', '.join(keys) or 'the layout'} changed, and {record.id} decides it as before"
            line = new.line_of(keys[0]) if keys else 1
            yield RULE.finding(new.path, message, change.restoring(new.path), line=line)


RULE = PolicyRule(
    id="admission-edited",
    summary="An admission in force changes only by a new decision, by superseding or by revoking.",
    why="Evidence names an admission by the digest of its bytes; what was admitted must stay what it was.",
    fix="Restore the file; to change what is admitted, decide anew with `sotctl decide`.",
    check=check,
)
