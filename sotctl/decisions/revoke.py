"""Revokes an admission."""

from __future__ import annotations

from datetime import datetime

from sotctl.admissions.admission import Admission
from sotctl.admissions.derive import admissions, in_force
from sotctl.decisions.planning import retire
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, SotError, UsageError
from sotctl.issues.planning import require_line
from sotctl.plan import Plan


def require_admission(snapshot: Snapshot, pair: str | None) -> Admission:
    """The admission of a `provider/model` pair or at a path; without one, the only admission in force.

    Raises:
        SotError: There is none such, or more than one could be meant.
    """
    found = in_force(snapshot)
    if pair:
        found = [one for one in admissions(snapshot) if pair in ("/".join(one.pair), one.path)]
    if len(found) == 1:
        return found[0]
    missing = f"there is no admission of {pair}" if pair else "no admission is in force"
    message = missing if not found else f"{len(found)} admissions are in force; name one"
    raise SotError(message, hint=Command("sotctl admission list"))


def plan_revoke(snapshot: Snapshot, admission: Admission, reason: str, *, now: datetime) -> Plan:
    """Plan to revoke *admission* and archive its decision record.

    Raises:
        BlockedError: It is revoked already.
        UsageError: The reason is missing, or is no single line of text.
    """
    if not reason.strip():
        raise UsageError("revoking needs a reason", hint="--reason TEXT")
    require_line(reason, "the reason")
    name = "/".join(admission.pair)
    if not admission.is_in_force:
        raise BlockedError(f"the admission of {name} is revoked already", hint=Command("sotctl admission list"))
    record = snapshot.find_record(admission.text("decision_record"))
    files = {admission.path: admission.with_status("revoked")}
    if record and record.is_active:
        files |= retire(snapshot, record, "archived", now=now)
    before = {path: snapshot.tree.read(path) for path in files}
    trailer = f"Decision-record: {record.id}\n" if record else ""
    return Plan(files=files, before=before, message=f"Revoke {name}: {reason}\n\n{trailer}")
