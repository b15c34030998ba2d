"""No two paths of a store are one where case is not told."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.findings import Finding, at


def check(change: ChangeSet) -> Iterator[Finding]:
    """Hold every path that the change leaves, and the folders on its way, against the others of the store."""
    here = [path for path in sorted(change.changed) if change.after.tree.mode(path) is not None]
    if not here:
        return
    written: dict[str, str] = {}
    for entry in change.after.entries:
        if entry.path not in change.changed:
            for way in _ways(entry.path):
                written.setdefault(way.casefold(), way)
    for path in here:
        other = next((known for way in _ways(path) if (known := written.setdefault(way.casefold(), way)) != way), None)
        if other:
            message = f"{other} differs from it in case alone"
            yield Finding(rule=RULE, location=at(path), message=message, fix=f"git mv {path} to another name")


def _ways(path: str) -> Iterator[str]:
    """A path, and every folder on its way."""
    while path:
        yield path
        path = path.rpartition("/")[0]


RULE = PolicyRule(
    id="path-twin",
    summary="No two paths of a store differ in case alone.",
    why="Where the file system does not tell case, the one would be written over the other.",
    fix="Rename one of them, or put the file into the folder that is there.",
    check=check,
)
