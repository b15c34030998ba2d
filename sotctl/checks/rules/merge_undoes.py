"""A merge undoes nothing that one of its sides decided since they parted."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents.issues import Bullet, Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.findings import Finding
from sotctl.issues.moves import reachable

_ENDS = frozenset({"validated", "rejected", "superseded"})
_STOPS = _ENDS | {"draft", "blocked"}
"""Statuses that no sequence of moves may pass through between the status of one side and that of the other."""

_SUFFIX = re.compile(r" \((?:cleared|met) \d{4}-\d{2}-\d{2}: .+\)$")


def check(change: ChangeSet) -> Iterator[Finding]:
    """Compare each parent with the merge base, and with the merge."""
    if change.before is None or change.bases is None:
        return
    bases: Sequence[Snapshot | None] = change.bases or (None,)
    if change.after.is_empty and not any(base and not base.is_empty for base in bases):
        message = f"the merge leaves out the whole store {change.after.store}"
        yield _finding(change, change.after.store, message)
        return
    for path in sorted(change.changed):
        kind = change.before.kind_of(path)
        if kind == "issues":
            yield from _issues(change, change.before, path, bases)
        elif kind == "sot":
            yield from _configuration(change, change.before, path, bases)
        elif any(_read(base, path) == change.after.read(path) for base in bases):
            done = "takes back the change of" if change.before.read(path) else "brings back"
            yield _finding(change, path, f"the merge {done} {path.rpartition('/')[2]}")


def _configuration(
    change: ChangeSet, before: Snapshot, path: str, bases: Sequence[Snapshot | None]
) -> Iterator[Finding]:
    """The settings that one side changed and the merge has as they were before."""
    here, after = _configured(before.read(path)), _configured(change.after.read(path))
    for base in (_configured(_read(base, path)) for base in bases):
        for key in sorted({*here, *base, *after}):
            if here.get(key) != base.get(key) == after.get(key):
                yield _finding(change, path, f"the merge takes back the change of `{key}`")


def _configured(data: bytes | None) -> Mapping[str, object]:
    """The settings of a configuration by their names with the table, each item of a list by itself.

    A configuration that cannot be read is one setting.
    """
    try:
        values = tomllib.loads((data or b"").decode("utf-8"))
    except (ValueError, RecursionError):
        return {"": data}
    return dict(_flat("", values))


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}".strip("."), inner)
    elif isinstance(value, list):
        yield from ((f"{name}: {item}", True) for item in value)
    else:
        yield name, value


def _issues(change: ChangeSet, before: Snapshot, path: str, bases: Sequence[Snapshot | None]) -> Iterator[Finding]:
    after = {issue.id: issue for issue in change.after.read_issues(path)}
    for issue in before.read_issues(path):
        now = after.get(issue.id) or change.after.known([issue.id]).get(issue.id)
        if now is None:
            continue  # status-move says that an issue is never removed
        olds = [_known(base, issue) for base in bases]
        if issue.status and now.status and (message := _status(change, issue, now, olds)):
            yield _finding(change, now.path, message, now.status_line, f"sotctl issue status {issue.id}")
        for text in _bullets_undone(issue, now, olds):
            yield _finding(change, now.path, f"{issue.id}: the merge {text}", now.line)


def _status(change: ChangeSet, issue: Issue, now: Issue, olds: Sequence[Issue | None]) -> str:
    """Why the status that a merge gives an issue does not follow from the one that one side gave it."""
    before = [old.status if old else "" for old in olds]
    if issue.status == now.status or all(status == issue.status for status in before):
        return ""
    if now.status in before:
        return f"{issue.id} became {issue.status} on one side, and the merge takes it back to {now.status}"
    moves = change.after.policy.moves
    through = frozenset() if issue.status in _ENDS else moves.keys() - _STOPS - set(before)
    if now.status not in reachable(moves, issue.status, through):
        return f"{issue.id} became {issue.status} on one side and {now.status} on the other: neither follows"
    return ""


def _bullets_undone(issue: Issue, now: Issue, olds: Sequence[Issue | None]) -> Iterator[str]:
    """The blockers and acceptance bullets that one side cleared, reopened or added, and the merge does not keep."""
    for kind, here, after in (
        ("blocker", issue.blocked_by, now.blocked_by),
        ("acceptance bullet", issue.acceptance, now.acceptance),
    ):
        settled, then = _marked(here), _marked(after)
        for old in olds:
            base = _marked((old.blocked_by if kind == "blocker" else old.acceptance) if old else ())
            for text in sorted(settled.keys() & base.keys() & then.keys()):
                if settled[text] != base[text] == then[text]:
                    yield f"{'opens' if settled[text] else 'clears'} a {kind} again: {text}"
            added = settled.keys() - base.keys()
            if kind == "blocker" and issue.status == "blocked" and len(settled) > len(base):
                lost = sorted(added - then.keys())
                if lost and len(then) < len(base) + len(added):
                    yield f"leaves out a blocker: {lost[0]}"


def _marked(bullets: Sequence[Bullet]) -> dict[str, bool]:
    """Whether each bullet is cleared or met, by its own words."""
    return {
        _SUFFIX.sub("", bullet.text) if bullet.settled else bullet.text: bullet.settled is not None
        for bullet in bullets
    }


def _known(base: Snapshot | None, issue: Issue) -> Issue | None:
    if base is None:
        return None
    here = (old for old in base.read_issues(issue.path) if old.id == issue.id)
    return next(here, None) or base.known([issue.id]).get(issue.id)


def _read(base: Snapshot | None, path: str) -> bytes | None:
    return base.read(path) if base else None


def _finding(change: ChangeSet, path: str, message: str, line: int = 1, fix: str = "") -> Finding:
    return RULE.finding(path, message, fix or f"{change.restoring(path)}, and conclude the merge with that", line=line)


RULE = PolicyRule(
    id="merge-undoes",
    summary="A merge undoes nothing that one of its sides decided since they parted.",
    why="A revocation, a reopened issue or a setting would be gone without anybody having decided against it.",
    fix="Take the file from the side that changed it last, conclude the merge, and then decide anew.",
    check=check,
)
