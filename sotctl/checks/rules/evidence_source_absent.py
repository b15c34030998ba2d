"""A new decision refers to files that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.quote import quote
from sotctl.documents.snapshot import Snapshot
from sotctl.findings import Finding, Severity

_PLACE = r"(?::\d+(?:[:-]\d+)?|#L\d+(?:-L?\d+)?)?"
_PATH = re.compile(
    rf"((?:[\w.+-]+/)+[\w.+-]*|[\w+-][\w.+-]*\.(?:md|json|jsonl|txt|log|toml|ya?ml|csv|html|xml|py)){_PLACE}"
)


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look for the files that a new record names as evidence; an old record is never edited, so it is left alone."""
    if change.before is None:
        return
    for record in change.records():
        if record.path not in change.changed or change.before.read(record.path) is not None:
            continue
        for number, source in enumerate(record.document.texts("evidence_sources")):
            match = _PATH.fullmatch(source)
            if match and not _is_there(change.after, match[1]):
                message = f"`evidence_sources` names {quote(match[1])}, which is not in this repository"
                fix = "correct the path; for a file that lies elsewhere give its URL, or its commit or digest"
                line = record.document.line_of("evidence_sources", number)
                yield RULE.finding(record.path, message, fix, line=line, severity=Severity.WARNING)


def _is_there(snapshot: Snapshot, path: str) -> bool:
    parts = path.split("/")
    if ".." in parts:
        return False
    path = "/".join(part for part in parts if part not in ("", "."))
    return snapshot.tree.read(path) is not None or next(iter(snapshot.tree.entries(path)), None) is not None


RULE = PolicyRule(
    id="evidence-source-absent",
    summary="A path that a new decision names as evidence is in the repository.",
    why="Evidence that cannot be found later supports nothing; a mistyped path is best noticed before the approval.",
    fix="Correct the path. For a file that is not committed here, give a URL, a commit or a digest.",
    check=check,
)
