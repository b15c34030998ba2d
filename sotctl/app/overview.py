"""Where a store stands: what is in force, what is blocked, what is half done, and the one next command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sotctl.admissions.admission import Admission
from sotctl.admissions.derive import admissions
from sotctl.admissions.review import Due, When, due
from sotctl.app.app import App
from sotctl.app.next_run import run_command
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
    next: str


def read_overview(app: App) -> Overview:
    """Look at the documents, the drafts, the hooks and the clone."""
    snapshot, store = app.snapshot, app.store
    issues = list(snapshot.issues())
    in_force = tuple(found for found in admissions(snapshot) if found.is_in_force)
    blocked = tuple(_blocked(snapshot, issues))
    reviews = tuple(due(snapshot, now=app.now, warn_days=snapshot.policy.warn_days))
    kept = tuple(drafts(store))
    hooks = status(store.git)
    dead = tuple(hook.name for hook in hooks if hook.state is not State.LIVE)
    unguarded = tuple(tree.message for tree in other_work_trees(store.git) if not tree.is_guarded)
    uncommitted = tuple(_uncommitted(app))
    return Overview(
        in_force=in_force,
        issue_count=len(issues),
        blocked=blocked,
        due=reviews,
        drafts=kept,
        uncommitted=uncommitted,
        dead_hooks=dead,
        unguarded=unguarded,
        hook_count=len(hooks),
        clone=_clone(app),
        next=_next(snapshot, store.top, issues, in_force, blocked, reviews, kept, dead or unguarded, uncommitted),
    )


def _blocked(snapshot: Snapshot, issues: Sequence[Issue]) -> Iterator[Blocked]:
    for issue in issues:
        if issue.status == "blocked":
            yield Blocked(issue=issue, obstacles=tuple(obstacles_to_leave(snapshot, issue)))


def _uncommitted(app: App) -> Iterator[str]:
    """The files of the store that differ from HEAD."""
    where = f":(literal,top){app.store.folder}"
    listing = app.store.git.output("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", where)
    for entry in listing.decode("utf-8", "backslashreplace").split("\0"):
        if entry:
            yield entry[3:]


def _clone(app: App) -> Clone:
    git = app.store.git
    head = git.output("status", "--porcelain=v2", "--branch", "--untracked-files=no", "--", ":(top).sot/none")
    lines = dict(line.removeprefix("# ").split(" ", 1) for line in head.decode().splitlines() if line.startswith("# "))
    branch = lines.get("branch.head", "")
    ahead, behind = (int(word[1:]) for word in lines.get("branch.ab", "+0 -0").split())
    fetched = Path(app.store.git_dir) / "FETCH_HEAD"
    when = datetime.fromtimestamp(fetched.stat().st_mtime, tz=app.now.tzinfo) if fetched.exists() else None
    return Clone(
        branch="" if branch == "(detached)" else branch,
        upstream=lines.get("branch.upstream", ""),
        ahead=ahead,
        behind=behind,
        fetched_at=when,
        is_shallow=(app.store.git_dir / "shallow").exists(),
    )


def _next(
    snapshot: Snapshot,
    top: Path,
    issues: Sequence[Issue],
    in_force: Sequence[Admission],
    blocked: Sequence[Blocked],
    reviews: Sequence[Due],
    kept: Sequence[str],
    dead: Sequence[str],
    uncommitted: Sequence[str],
) -> str:
    """The most useful next command: first for what is unsafe, then for what was begun, then for what is due."""
    if dead:
        return Command("sotctl hooks install")
    if kept:
        return Command(f"sotctl resume {kept[0]}")
    if uncommitted:
        return Command("git add .sot && sotctl commit")
    if not issues:
        return Command('sotctl issue new ID "TITLE"')
    past = [entry for entry in reviews if entry.when is When.PAST]
    if past:
        return Command(f"sotctl decide {past[0].record.issue}")
    return _next_for_issues(snapshot, top, in_force, blocked)


def _next_for_issues(snapshot: Snapshot, top: Path, in_force: Sequence[Admission], blocked: Sequence[Blocked]) -> str:
    decided = {admission.issue for admission in in_force}
    for issue_id in snapshot.templates.admitting():
        if issue_id not in decided and snapshot.find_issue(issue_id):
            return Command(f"sotctl decide {issue_id}")
    for admission in in_force:
        if admission.issue and not pass_with(snapshot, admission.issue, {admission.sha256}):
            return run_command(admission, snapshot.policy, top)
    for entry in sorted(blocked, key=lambda entry: bool(entry.obstacles)):
        return next_step(snapshot, entry.issue, top)
    return Command("sotctl issue next")
