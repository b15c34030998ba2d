"""The configuration of a store can be read."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.rules import CONFIGURATION_INVALID
from sotctl.findings import Finding, RejectedError


def check(change: ChangeSet) -> Iterator[Finding]:
    """Read the configuration as it stands after the change, whether the change touches it or not."""
    try:
        change.new_policy()
    except RejectedError as error:
        yield from error.findings


RULE = PolicyRule.of(CONFIGURATION_INVALID, check)
