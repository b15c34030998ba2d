"""No two paths of a store are the same on a file system that ignores case or Unicode form."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.layout import folded
from sotctl.findings import Finding


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare every changed path that remains, and each folder above it, with the others of the store."""
    here = [path for path in change.remaining() if change.before is None or change.before.mode(path) is None]
    if not here:
        return
    seen: set[str] = set()
    written: dict[str, str] = {}
    for entry in change.after.entries:
        if entry.path not in change.changed:
            for way in _ways(entry.path, seen):
                written.setdefault(folded(way), way)
    for path in here:
        other = next((known for way in _ways(path) if (known := written.setdefault(folded(way), way)) != way), None)
        if other:
            message = f"{other} is the same name on a file system that ignores case or Unicode form"
            yield RULE.finding(path, message, f"git mv {path} to another name")


def _ways(path: str, seen: set[str] | None = None) -> Iterator[str]:
    """A path, and every folder on its way up to one in *seen*, to which they are added."""
    while path and (seen is None or path not in seen):
        yield path
        if seen is not None:
            seen.add(path)
        path = path.rpartition("/")[0]


RULE = PolicyRule(
    id="path-twin",
    summary="No two paths of a store differ in case or Unicode form alone.",
    why="On such a file system one would overwrite the other.",
    fix="Rename one of them, or put the file into the folder that is there.",
    check=check,
)
