"""A plan together with what it leads to, worked out once by the planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sotctl.documents.snapshot import Snapshot
from sotctl.plan import Plan

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Generic[T]):
    """A plan, the documents before and after it, and its outcome: what the verb wants to say of it."""

    plan: Plan
    before: Snapshot
    after: Snapshot
    outcome: T


def planned(before: Snapshot, plan: Plan, outcome: Callable[[Snapshot], T]) -> Planned[T]:
    """Work out what *plan* leads to; *outcome* reads it from the documents as they will be."""
    after = before.with_files(plan.files)
    return Planned(plan=plan, before=before, after=after, outcome=outcome(after))
