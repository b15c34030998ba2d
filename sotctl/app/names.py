"""Finds what a person means by an id, a shortened id, a pair or a path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sotctl.admissions.derive import admissions
from sotctl.documents.evidence_record import evidence_records
from sotctl.documents.quote import did_you_mean, quote
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command, SotError, UsageError


class Kind(StrEnum):
    """What a name can stand for."""

    ISSUE = "issue"
    RECORD = "decision record"
    ADMISSION = "admission"
    EVIDENCE = "evidence record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One thing of a store that has a name; that of an admission is its pair."""

    kind: Kind
    name: str
    path: str


def all_named(snapshot: Snapshot) -> list[Named]:
    """Everything in the store that has a name, in order of kind."""
    found = [Named(kind=Kind.ISSUE, name=issue.id, path=issue.path) for issue in snapshot.issues()]
    found += [Named(kind=Kind.RECORD, name=record.id, path=record.path) for record in snapshot.records()]
    found += [Named(kind=Kind.ADMISSION, name="/".join(one.pair), path=one.path) for one in admissions(snapshot)]
    records = evidence_records(snapshot)
    found += [Named(kind=Kind.EVIDENCE, name=one.text("run_id"), path=one.path) for one in records]
    return found


def find(snapshot: Snapshot, given: str) -> Named:
    """What *given* names: exactly, by its path, or as the end or a part between hyphens of one name alone.

    Raises:
        UsageError: It could mean several things; the message lists them.
        SotError: It names nothing; the message names a close one.
    """
    known = all_named(snapshot)
    exact = [one for one in known if given in (one.name, one.path)]
    if exact:
        return exact[0]
    meant = _shortened(known, given)
    names = sorted({one.name for one in meant})
    if len(names) == 1:
        return meant[0]
    if names:
        listed = ", ".join(names[:6]) + (" and more" if len(names) > 6 else "")
        raise UsageError(f"{quote(given)} could be {listed}", hint="name one of them")
    close = did_you_mean(given, [one.name for one in known])
    raise SotError(f"there is nothing called {quote(given)}{close}", hint=Command("sotctl issue list"))


def _shortened(known: Sequence[Named], given: str) -> list[Named]:
    """Those whose name ends in *given*, so that an issue goes before the records named after it; else all with it."""
    word = given.casefold()
    ends = [one for one in known if one.name.casefold().endswith((f"-{word}", f"/{word}"))]
    return ends or [one for one in known if word in one.name.casefold()]
