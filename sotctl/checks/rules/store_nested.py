"""A store holds no other store."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.layout import STORE
from sotctl.errors import Command
from sotctl.findings import Finding, at


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look for a second `.sot` in the path of every file that exists after the change."""
    for path in sorted(change.changed):
        inside = path.removeprefix(change.after.store).split("/")
        if STORE in inside and change.after.tree.mode(path) is not None:
            message = "a store inside another store is not allowed"
            yield Finding(rule=RULE, location=at(path), message=message, fix=Command(f"git rm --cached {path}"))


RULE = PolicyRule(
    id="store-nested",
    summary="A store holds no other store.",
    why="Its documents would be checked as files of the outer store, but read as those of a store.",
    fix="Put the inner `.sot` beside the outer one or into a folder of its own.",
    check=check,
)
