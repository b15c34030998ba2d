"""Admission files made again from the decision records they derive from."""

from __future__ import annotations

from datetime import datetime

from sotctl.admissions.derive import admission_path, derive, issue_to_decide
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.tree import Tree
from sotctl.errors import Command, SotError
from sotctl.plan import Plan


def plan_generate(snapshot: Snapshot, *, now: datetime, committed: Tree) -> Plan:
    """Plan to write the admission of every approved record; a file that is right already stays as it is.

    Args:
        committed: The tree at HEAD: an admission that is right there comes back as it was, its timestamp included,
            undoing later edits.
    Raises:
        SotError: No record approves a pair.
    """
    approved = [record for record in snapshot.records() if record.is_approved]
    paths = {path: record for record in approved if (path := admission_path(snapshot, record))}
    if not paths:
        raise SotError("no decision record approves a pair", hint=Command(f"sotctl decide {issue_to_decide(snapshot)}"))
    before = {path: snapshot.tree.read(path) for path in paths}
    files = {path: derive(record, committed.read(path), now=now) for path, record in paths.items()}
    names = ", ".join("/".join(record.named) for record in paths.values())
    return Plan(files=files, before=before, message=f"Generate the admission of {names}\n", is_derived=True)
