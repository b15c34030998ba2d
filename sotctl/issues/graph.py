"""The blocked-by graph: which issues wait for which, what can be worked on, and what would unblock most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sotctl.documents.issues import Issue
from sotctl.issues.moves import reachable

Graph = Mapping[str, tuple[str, ...]]
OPEN = frozenset({"draft", "ready", "in_progress", "blocked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An issue that can be worked on, and the issues that wait for it, directly or through others."""

    issue: Issue
    unblocks: tuple[str, ...]


def graph(issues: Iterable[Issue]) -> dict[str, tuple[str, ...]]:
    """For each issue, the issues that its open blockers name."""
    return {
        issue.id: tuple(
            dict.fromkeys(
                name for bullet in issue.blocked_by if not bullet.settled for name in bullet.names if name != issue.id
            )
        )
        for issue in issues
    }


def cycles(waits: Graph) -> list[tuple[str, ...]]:
    """Every circle of issues that wait for each other, each once, beginning with its smallest id."""
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()
    for start in sorted(waits):
        path: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            node, next_ = stack.pop()
            if next_ == 0:
                path.append(node)
            targets = waits.get(node, ())
            if node in done or next_ >= len(targets):
                done.add(path.pop())
                continue
            stack.append((node, next_ + 1))
            target = targets[next_]
            if target in path:
                circle = path[path.index(target) :]
                at = circle.index(min(circle))
                found.add(tuple(circle[at:] + circle[:at]))
            elif target not in done:
                stack.append((target, 0))
    return sorted(found)


def candidates(issues: Iterable[Issue]) -> list[Candidate]:
    """The open issues that wait for no open issue and are not blocked, those that unblock most first.

    An issue whose lists cannot be read does not move, so it is left out.
    """
    known = {issue.id: issue for issue in issues}
    waits = graph(known.values())
    waiting_for: dict[str, set[str]] = {}
    for issue_id, targets in waits.items():
        for target in targets:
            waiting_for.setdefault(target, set()).add(issue_id)
    ready = [issue for issue in known.values() if issue.status in OPEN - {"blocked"} and not issue.unreadable()]
    free = [
        issue for issue in ready if all(known[name].status == "validated" for name in waits[issue.id] if name in known)
    ]
    behind = {issue.id: reachable(waiting_for, issue.id) - {issue.id} for issue in free}
    found = [Candidate(issue=issue, unblocks=tuple(sorted(behind[issue.id]))) for issue in free]
    return sorted(found, key=lambda candidate: (-len(candidate.unblocks), candidate.issue.id))
