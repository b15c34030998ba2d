"""Which decisions are due for review: past, soon, or on a condition to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sotctl.documents.dates import first_date, has_passed
from sotctl.documents.record import DecisionRecord
from sotctl.documents.snapshot import Snapshot


class When(StrEnum):
    """How near a review is."""

    PAST = "past"
    SOON = "soon"
    LATER = "later"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The review of one decision in force; `review_by` is None where the trigger is a condition alone."""

    record: DecisionRecord
    trigger: str
    review_by: date | None
    when: When


def due(snapshot: Snapshot, *, now: datetime, warn_days: int) -> list[Due]:
    """The reviews of all decisions in force, the most urgent first.

    Args:
        now: The instant to measure from; a review-by date has passed from the UTC day after it.
        warn_days: Days ahead of the review-by date from which it is `soon`.
    """
    ranks = list(When)
    found = []
    for record in snapshot.records():
        if record.is_active and (trigger := record.document.text("review_trigger")):
            review_by = first_date(trigger)
            found.append(Due(record=record, trigger=trigger, review_by=review_by, when=when(review_by, now, warn_days)))
    return sorted(found, key=lambda due: (ranks.index(due.when), due.review_by or date.max, due.record.id))


def when(review_by: date | None, now: datetime, warn_days: int) -> When:
    """How urgent a review is: `soon` from *warn_days* days before its date on, by the days of UTC."""
    if review_by is None:
        return When.CONDITION
    if has_passed(review_by, now):
        return When.PAST
    return When.SOON if review_by - now.astimezone(UTC).date() <= timedelta(days=warn_days) else When.LATER
