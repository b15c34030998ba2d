"""Where a store stands: what is in force, what is blocked, what is half done, and the one next command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sotctl.admissions.admission import Admission
from sotctl.admissions.derive import in_force
from sotctl.admissions.review import Due, When, due
from sotctl.app.app import App
from sotctl.app.next_run import next_for_run
from sotctl.app.next_step import next_step
from sotctl.documents.evidence_record import pass_with
from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.hooks.install import State, status
from sotctl.hooks.work_trees import other_work_trees
from sotctl.issues.moves import Obstacle, obstacles_to_leave
from sotctl.store.drafts import drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A blocked issue and what keeps it, in order of line."""

    issue: Issue
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """This clone: its branch ("" for a detached HEAD), its upstream and how far HEAD is from it, and its last fetch."""

    branch: str
    upstream: str
    ahead: int
    behind: int
    fetched_at: datetime | None
    is_shallow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The state of a store; `dead_hooks`, `unguarded` work trees and `uncommitted` list what is wrong."""

    in_force: tuple[Admission, ...]
    issue_count: int
    blocked: tuple[Blocked, ...]
    due: tuple[Due, ...]
    drafts: tuple[str, ...]
    uncommitted: tuple[str, ...]
    dead_hooks: tuple[str, ...]
    unguarded: tuple[str, ...]
    hook_count: int
    clone: Clone
    next: str = ""


def read_overview(app: App) -> Overview:
    """Look at the documents, the drafts, the hooks and the clone."""
    snapshot, store = app.snapshot, app.store
    issues = list(snapshot.issues())
    hooks = status(store.git)
    clone, uncommitted = _clone(app)
    blocked = [issue for issue in issues if issue.status == "blocked"]
    found = Overview(
        in_force=tuple(in_force(snapshot)),
        issue_count=len(issues),
        blocked=tuple(Blocked(issue=one, obstacles=tuple(obstacles_to_leave(snapshot, one))) for one in blocked),
        due=tuple(due(snapshot, now=app.now, warn_days=snapshot.policy.warn_days)),
        drafts=tuple(drafts(store)),
        uncommitted=uncommitted,
        dead_hooks=tuple(hook.name for hook in hooks if hook.state is not State.LIVE),
        unguarded=tuple(tree.message for tree in other_work_trees(store.git) if not tree.is_guarded),
        hook_count=len(hooks),
        clone=clone,
    )
    return replace(found, next=_next(snapshot, store.top, found))


_FIELDS = {"1": 8, "u": 10, "?": 1}
"""How many fields stand before the path in a line of `git status --porcelain=v2`, by the kind of the line."""


def _clone(app: App) -> tuple[Clone, tuple[str, ...]]:
    """The branch of this clone, and the files of the store that differ from HEAD."""
    where = f":(literal,top){app.store.folder}"
    options = ("--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames")
    rows = app.store.git.output("status", *options, "--", where).decode("utf-8", "backslashreplace").split("\0")
    head = dict(row.removeprefix("# ").split(" ", 1) for row in rows if row.startswith("# "))
    branch = head.get("branch.head", "")
    ahead, behind = (int(word[1:]) for word in head.get("branch.ab", "+0 -0").split())
    fetched = Path(app.store.git_dir) / "FETCH_HEAD"
    when = datetime.fromtimestamp(fetched.stat().st_mtime, tz=app.now.tzinfo) if fetched.exists() else None
    clone = Clone(
        branch="" if branch == "(detached)" else branch,
        upstream=head.get("branch.upstream", ""),
        ahead=ahead,
        behind=behind,
        fetched_at=when,
        is_shallow=(app.store.git_dir / "shallow").exists(),
    )
    return clone, tuple(row.split(" ", _FIELDS[row[0]])[-1] for row in rows if row[:1] in _FIELDS)


def _next(snapshot: Snapshot, top: Path, found: Overview) -> str:
    """The most useful next command: first for what is unsafe, then for what was begun, then for what is due."""
    if found.dead_hooks or found.unguarded:
        return Command("sotctl hooks install")
    if found.drafts:
        return Command(f"sotctl resume {found.drafts[0]}")
    if found.uncommitted:
        return Command("git add .sot && sotctl commit")
    if not found.issue_count:
        return Command('sotctl issue new ID "TITLE"')
    for entry in found.due:
        if entry.when is When.PAST:
            return Command(f"sotctl decide {entry.record.issue}")
    return _next_for_issues(snapshot, top, found.in_force, found.blocked)


def _next_for_issues(snapshot: Snapshot, top: Path, in_force: Sequence[Admission], blocked: Sequence[Blocked]) -> str:
    decided = {admission.issue for admission in in_force}
    for issue_id in snapshot.templates.admitting():
        if issue_id not in decided and snapshot.find_issue(issue_id):
            return Command(f"sotctl decide {issue_id}")
    for admission in in_force:
        if admission.issue and not pass_with(snapshot, admission.issue, {admission.sha256}):
            return next_for_run(admission, snapshot.policy, top)
    for entry in sorted(blocked, key=lambda entry: bool(entry.obstacles)):
        return next_step(snapshot, entry.issue, top)
    return Command("sotctl issue next")
