"""The pairs that an export may name: those that the gate would admit now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sotctl.admissions.admission import Admission, problems
from sotctl.admissions.derive import admissions, differing_keys
from sotctl.documents.dates import has_passed
from sotctl.documents.snapshot import Snapshot
from sotctl.findings import refuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """One pair in force, with what an export says of it; `review_by` is None where the trigger names no date."""

    provider: str
    model: str
    issue: str
    record: str
    sha256: str
    approval_source: str
    credential_source_class: str
    allowed_network_class: str
    review_by: date | None

    @property
    def pair(self) -> str:
        """Provider and model as one text."""
        return f"{self.provider}/{self.model}"


def admitted(snapshot: Snapshot) -> list[Admitted]:
    """The pairs in force, in order of provider and model.

    Left out is what the gate refuses: an admission that breaks a rule, that is not what its approved record says, or
    whose review-by date has passed.
    """
    found = [_admitted(admission) for admission in admissions(snapshot) if _holds(snapshot, admission)]
    return sorted(found, key=lambda one: (one.provider, one.model))


def _holds(snapshot: Snapshot, admission: Admission) -> bool:
    if not admission.is_in_force or (admission.review_by and has_passed(admission.review_by, snapshot.now)):
        return False
    if refuses(problems(admission, snapshot.policy, snapshot.formats, now=snapshot.now)):
        return False
    record = snapshot.find_record(admission.text("decision_record"))
    return record is not None and record.is_approved and not differing_keys(admission, record)


def _admitted(admission: Admission) -> Admitted:
    provider, model = admission.pair
    return Admitted(
        provider=provider,
        model=model,
        issue=admission.issue,
        record=admission.text("decision_record"),
        sha256=admission.sha256,
        approval_source=admission.text("approval_source"),
        credential_source_class=admission.text("credential_source_class"),
        allowed_network_class=admission.text("allowed_network_class"),
        review_by=admission.review_by,
    )
