"""A plan together with its outcome, worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sotctl.documents.snapshot import Snapshot
from sotctl.plan import Plan

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Generic[T]):
    """A plan, the documents before and after it, and its outcome, which the verb reports."""

    plan: Plan
    before: Snapshot
    after: Snapshot
    outcome: T


def planned(before: Snapshot, plan: Plan, outcome: Callable[[Snapshot], T]) -> Planned[T]:
    """Work out the documents after *plan*; *outcome* is read from them."""
    after = before.with_files(plan.files)
    return Planned(plan=plan, before=before, after=after, outcome=outcome(after))
