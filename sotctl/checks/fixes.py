"""What `sotctl check --fix` can mend without deciding anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sotctl.admissions.admission import parse_admission
from sotctl.admissions.derive import admission_path, derive, differing_keys
from sotctl.checks.change import Change, ChangeSet
from sotctl.checks.run import check_store
from sotctl.documents.quote import counted
from sotctl.documents.tree import Tree
from sotctl.findings import Finding, refuses
from sotctl.secrets import scan
from sotctl.secrets.baseline import Accepted, Baseline, BaselineError, parse

UNSAFE = frozenset({"configuration-invalid", "template-invalid"})
"""Rules whose breach leaves open what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One file as it should be: the rule it breaks, what is done, and the bytes before and after."""

    rule: str
    path: str
    message: str
    before: bytes
    data: bytes

    def to_json(self) -> dict[str, str]:
        """The fix as `check` prints it."""
        return {"rule": self.rule, "path": self.path, "message": self.message}


def fixes(
    change: Change, findings: Iterable[Finding], committed: Tree, tracked: Container[str], *, now: datetime
) -> list[Fix]:
    """The files of a whole store on disk that can be mended.

    Args:
        findings: What the check of *change* found.
        committed: The tree at HEAD: an admission that is right there comes back as it was, its timestamp included.
        tracked: The paths of git's index: a file that is missing on disk alone says nothing about its baseline lines.
    """
    broken = {(finding.rule.id, finding.path) for finding in findings}
    if UNSAFE & {rule for rule, _ in broken}:
        return []
    drifted = {path for rule, path in broken if rule == "admission-drift"}
    derived = [fix for store in change.stores for fix in _derived(store, drifted, committed, now)] if drifted else []
    return [*derived, *_baseline(change, tracked)]


def _derived(store: ChangeSet, drifted: Container[str], committed: Tree, now: datetime) -> Iterator[Fix]:
    """Admissions derived again, each where one valid record alone says what it must be, and nothing else breaks."""
    snapshot = store.after
    approved = [(record, admission_path(snapshot, record)) for record in snapshot.records() if record.is_approved]
    issues, paths = Counter(record.issue for record, _ in approved), Counter(path for _, path in approved)
    for record, path in approved:
        if path is None or path not in drifted or issues[record.issue] > 1 or paths[path] > 1:
            continue
        before = snapshot.read(path)
        if before is None or snapshot.load(record.path).findings:
            continue
        if "status" in differing_keys(parse_admission(path, before), record):
            continue  # it is revoked where its record approves: only a person can say which is right
        data = derive(record, committed.read(path), now=now)
        if data != before and _mends(store, path, data):
            message = f"derived again from {record.id}"
            yield Fix(rule="admission-drift", path=path, message=message, before=before, data=data)


def _mends(store: ChangeSet, path: str, data: bytes) -> bool:
    """Whether writing a file with these bytes breaks no rule, in it or elsewhere."""
    found = set(check_store(replace(store, after=store.after.with_files({path: data}))))
    return not refuses(found - set(check_store(store))) and not any(finding.path == path for finding in found)


def _baseline(change: Change, tracked: Container[str]) -> Iterator[Fix]:
    """The baseline without the lines that accept nothing."""
    path = change.policy().baseline
    data = change.policy_tree.read(path)
    if data is None:
        return
    try:
        baseline = parse(data)
    except BaselineError:
        return
    gone = [
        entry
        for name in sorted({entry.path for entry in baseline.accepted})
        for entry in _unmet(change.policy_tree, baseline, name, tracked)
    ]
    if gone:
        message = f"took out {counted(len(gone), 'line')}, which accepted nothing"
        fixed = baseline.without(gone).to_bytes()
        yield Fix(rule="baseline-stale", path=path, message=message, before=data, data=fixed)


def _unmet(tree: Tree, baseline: Baseline, path: str, tracked: Container[str]) -> list[Accepted]:
    """The lines for one file that accept nothing in it; all of them where it is gone from disk and from the index."""
    entries = [entry for entry in baseline.accepted if entry.path == path]
    data = tree.read(path)
    if data is None:
        return [] if path in tracked or tree.mode(path) else entries
    _, met = baseline.sorted_out(scan(data, path=path), data, path=path)
    return [entry for entry in entries if entry not in met]
