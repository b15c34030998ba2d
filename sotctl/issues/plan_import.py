"""Plans for documents that come from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sotctl.documents import layout
from sotctl.documents.edits import header
from sotctl.documents.new_header import new_header
from sotctl.documents.quote import counted
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError
from sotctl.issues.adr import ArchitectureDecision, as_section
from sotctl.issues.unflatten import unflatten
from sotctl.plan import Plan


def plan_restored(snapshot: Snapshot, name: str, text: str) -> Plan:
    """Plan to write a flattened document with its lines restored, under its own name."""
    path = f"{snapshot.store}/{layout.ISSUES}/{name}"
    before = snapshot.tree.read(path)
    return Plan(files={path: unflatten(text).encode()}, before={path: before}, message=f"Import {name}\n")


def plan_adrs(snapshot: Snapshot, name: str, decisions: Sequence[ArchitectureDecision], *, now: datetime) -> Plan:
    """Plan one issues document that holds *decisions*, each as an issue `ADR-<number>`.

    Raises:
        BlockedError: The document is there already, or two records have one number.
    """
    path = f"{snapshot.store}/{layout.ISSUES}/{name}"
    if snapshot.tree.read(path) is not None:
        raise BlockedError(f"{path} is there already", hint="--as NAME gives the document another name")
    numbers = [decision.number for decision in decisions]
    if doubled := next((number for number in numbers if numbers.count(number) > 1), None):
        raise BlockedError(f"two records have the number {doubled}", hint="renumber one of the files")
    policy = snapshot.policy
    values = new_header(
        "Architecture Decision Records",
        status="draft",
        policy=policy,
        owner=policy.approvers[0].lower(),
        route="imported",
        now=now,
    )
    sections = [as_section(decision, f"ADR-{decision.number:04d}") for decision in decisions]
    text = "\n".join([header(values), f"# {values['title']}\n", *sections])
    message = f"Import {counted(len(decisions), 'decision record')}\n"
    return Plan(files={path: text.encode()}, before={path: None}, message=message)
