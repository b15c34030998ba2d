"""Why a run does not pass: causes before their consequences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sotctl.evidence.files import Problem

NOT_ADMITTED = "not_admitted"
_RANK = (
    ("secret-found",),
    ("interrupted",),
    ("timeout", "disk-quota", "process-quota", "output-truncated"),
    ("recording-failed",),
    ("backend-not-started",),
    ("upstream-unreachable", "upstream-tls", "upstream-reset", "upstream-not-http", "answer-cut-off"),
    ("provider-refused", "credential-unusable"),
    ("no-model-request",),
)
_PLACE = {reason: place for place, reasons in enumerate(_RANK, 2) for reason in reasons}


def in_order_of_cause(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each reason once, with a count: first those that show another model in use or configured, then by cause."""
    merged: dict[tuple[str, str], Problem] = {}
    for problem in found:
        key = (problem.reason, problem.status)
        before = merged.get(key)
        merged[key] = replace(before, count=before.count + problem.count) if before else problem
    return tuple(sorted(merged.values(), key=_weight))


def _weight(problem: Problem) -> int:
    if problem.status:
        return 0 if problem.status == NOT_ADMITTED else 1
    return _PLACE.get(problem.reason, len(_RANK) + 2)


def status_of(found: Iterable[Problem]) -> str:
    """The admission status that a run shows at its end."""
    return next((problem.status for problem in found if problem.status), "admitted")
