"""A store holds no other store."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.layout import STORE
from sotctl.errors import Command
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look for a second `.sot` in the path of every file that exists after the change."""
    for path in change.remaining():
        if STORE in path.removeprefix(change.after.store).split("/"):
            yield RULE.finding(path, "a store inside another store is not allowed", Command(f"git rm --cached {path}"))


RULE = PolicyRule(
    id="store-nested",
    summary="A store holds no other store.",
    why="Its documents would be checked as files of the outer store, but read as those of a store.",
    fix="Put the inner `.sot` beside the outer one or into a folder of its own.",
    check=check,
)
