"""The configuration of a store can be read."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, Rule
from sotctl.documents import layout
from sotctl.documents.policy import parse_policy
from sotctl.findings import Finding, RejectedError


def check(change: ChangeSet) -> Iterator[Finding]:
    """Read the configuration as it stands after the change, whether the change touches it or not."""
    path = f"{change.after.store}/{layout.CONFIGURATION}"
    try:
        parse_policy(path, change.after.tree.read(path))
    except RejectedError as error:
        yield from error.findings


RULE = Rule(
    id="configuration-invalid",
    summary="sot.toml is TOML with known keys, and a store is not changed while it is broken.",
    why="A setting that is not understood is a rule that does not hold; the next change would be judged without it.",
    fix="Correct what the finding names; `sotctl schema sot` shows every key.",
    check=check,
)
