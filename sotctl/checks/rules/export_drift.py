"""A file that is derived for another program allows what the admissions in force allow, and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.export.derive import RULE as EXPORT_DRIFT
from sotctl.export.derive import drift_findings
from sotctl.findings import Finding, RejectedError


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every target of `[exports]` with the admissions, if either has changed."""
    targets = {**change.after.policy.exports, **_new_targets(change)}
    if not targets or not (
        change.touches("admission", "decision-record", "sot") or change.changed & set(targets.values())
    ):
        return
    yield from drift_findings(change.after, targets)


def _new_targets(change: ChangeSet) -> dict[str, str]:
    """The targets that this change adds to `[exports]`: they must be right from the start."""
    if change.configuration in change.changed:
        with contextlib.suppress(RejectedError):
            return dict(change.new_policy().exports)
    return {}


RULE = PolicyRule.of(EXPORT_DRIFT, check)
