"""How a decision would change which pair may run, in one sentence."""

from __future__ import annotations

from sotctl.admissions.derive import in_force
from sotctl.decisions.planning import active_record
from sotctl.documents.quote import listed_plainly
from sotctl.documents.snapshot import Snapshot


def consequence(before: Snapshot, after: Snapshot, issue_id: str) -> str:
    """What the decision on an issue in *after* supersedes and revokes, and what may run then."""
    old, new = active_record(before, issue_id), active_record(after, issue_id)
    if new is None:
        return ""
    superseded = [f"supersedes {old.id}"] if old and old.id != new.id else []
    if not after.templates.schema(new.kind).annotation("x-derives"):
        return _sentence(superseded, "")
    was, will = _admitted(before, issue_id), _admitted(after, issue_id)
    revoked = [f"revokes {pair}" for pair in was if pair not in will]
    admitted = [f"admits {pair}" for pair in will if pair not in was]
    if admitted:
        outcome = "nothing else may run"
    elif will:
        outcome = f"only {listed_plainly(will)} may run{'' if revoked else ', as before'}"
    else:
        outcome = "nothing may run"
    return _sentence([*superseded, *revoked, *admitted] or ["admits nothing"], outcome)


def _admitted(snapshot: Snapshot, issue_id: str) -> list[str]:
    return ["/".join(admission.pair) for admission in in_force(snapshot, issue_id)]


def _sentence(deeds: list[str], outcome: str) -> str:
    text = listed_plainly(deeds)
    return f"{text[:1].upper()}{text[1:]}{f': {outcome}' if outcome else ''}." if text else ""
