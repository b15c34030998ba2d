"""The configuration of a store can be read."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents import layout
from sotctl.documents.policy import parse_policy
from sotctl.documents.rules import CONFIGURATION_INVALID
from sotctl.findings import Finding, RejectedError


def check(change: ChangeSet) -> Iterator[Finding]:
    """Read the configuration as it stands after the change, whether the change touches it or not."""
    path = f"{change.after.store}/{layout.CONFIGURATION}"
    try:
        parse_policy(path, change.after.tree.read(path))
    except RejectedError as error:
        yield from error.findings


RULE = PolicyRule.of(CONFIGURATION_INVALID, check)
