"""Change sets from git: what is staged, what a commit did, what lies on disk."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from sotctl.checks.change import Change, ChangedFile, ChangeSet
from sotctl.documents import layout
from sotctl.documents.issues import Issue
from sotctl.documents.policy import Policy, parse_policy
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.tree import Tree
from sotctl.findings import RejectedError
from sotctl.git.diff import GONE, SUBMODULE, DiffEntry, Staged, commit_ids, committed_diffs, parents_of
from sotctl.git.repository import Git, Objects
from sotctl.git.trees import CommitTree, IndexTree, WorkTree
from sotctl.issues.planning import LastMove
from sotctl.store.store import Store, open_snapshot


def staged(git: Git, objects: Objects, index: Staged, *, now: datetime) -> Change:
    """What the index would commit (`read_staged`), judged by the configuration at HEAD."""
    head = git.run("rev-parse", "--verify", "-q", "HEAD^{commit}").stdout.decode().strip()
    before = CommitTree(git, objects, head) if head else None
    after = IndexTree(git, objects, before, index.entries)
    return _change("index", index.apart, before, after, objects, now)


def committed(git: Git, objects: Objects, tips: Sequence[str], *options: str, now: datetime) -> Iterator[Change]:
    """What each commit did that `git rev-list` finds from *tips*, parents first; each file is searched once.

    A merge counts only where it differs from every parent. Every commit is judged by the configuration of its first
    parent, one without parents by its own.

    Raises:
        GitError: A commit or file is not here.
    """
    seen: set[tuple[str, str]] = set()
    for commit, entries in committed_diffs(git, commit_ids(git, tips, *options)):
        yield _committed(git, objects, commit, entries, now, seen)


def mistyped_revision(git: Git, revisions: str) -> str:
    """The side of a range that names no commit; empty where both do, or where the commit may be missing from a clone
    that is shallow or partial."""
    may_be_missing = git.succeeds("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$")
    if may_be_missing or git.text("rev-parse", "--is-shallow-repository") == "true":
        return ""
    sides = [
        re.sub(r"\^(?:[!@]|-\d*)$", "", side.removeprefix("^")) for side in re.split(r"\.{2,3}", revisions, maxsplit=1)
    ]
    return next((side for side in sides if side and not _names_commit(git, side)), "")


def _names_commit(git: Git, name: str) -> bool:
    return git.succeeds("rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}")


def whole_tree(git: Git, objects: Objects, tree: str, *, now: datetime) -> Change:
    """All that a tree holds which a ref names without a commit, as if it were a first commit."""
    after = CommitTree(git, objects, tree)
    entries = [DiffEntry(mode, oid, path) for path, mode, oid in after.listing()]
    return _change(tree, entries, None, after, objects, now)


def on_disk(store: Store, *, now: datetime) -> Change:
    """The whole store as it lies on disk, and every tracked file of the work tree."""
    tree = WorkTree(store.top)
    entries = list(tree.entries(store.folder))
    policy = _policy(store.folder, tree)
    snapshot = open_snapshot(tree, store.folder, now=now, policy=policy)
    change = ChangeSet(before=None, after=snapshot, changed=frozenset(entry.path for entry in entries))
    tracked = os.fsdecode(store.git.output("ls-files", "-z")).split("\0")[:-1]
    paths = sorted({*tracked, *(entry.path for entry in entries)})

    def files() -> Iterator[ChangedFile]:
        for path in paths:
            yield ChangedFile(path=path, mode="100644", oid="", chunks=partial(tree.chunks, path))

    return Change(
        name="work tree",
        stores=(change,),
        files=files,
        judging=tree,
        policy=lambda: policy,
        accepting=tree,
        is_whole=True,
    )


def _committed(
    git: Git, objects: Objects, commit: str, entries: list[DiffEntry], now: datetime, seen: set[tuple[str, str]]
) -> Change:
    body = objects.require(commit)[1]
    parents = parents_of(body)
    before = CommitTree(git, objects, parents[0]) if parents else None
    after = CommitTree(git, objects, commit)
    trees = [CommitTree(git, objects, parent) for parent in parents] if len(parents) > 1 else []
    merged = len(trees) > 1 and _is_combined(after, trees)
    apart = [tree for tree in trees if after.id_of(layout.STORE) != tree.id_of(layout.STORE)]
    return _change(commit, entries, before, after, objects, now, message=body, merged=merged, apart=apart, seen=seen)


def _is_combined(after: CommitTree, parents: Sequence[CommitTree]) -> bool:
    """Whether a merge makes of the store what no parent has, so that its documents must be seen to fit each other."""
    return all(after.id_of(layout.STORE) != parent.id_of(layout.STORE) for parent in parents)


def _change(
    name: str,
    entries: Sequence[DiffEntry],
    before: Tree | None,
    after: Tree,
    objects: Objects,
    now: datetime,
    *,
    message: bytes | None = None,
    merged: bool = False,
    apart: Sequence[Tree] = (),
    seen: set[tuple[str, str]] | None = None,
) -> Change:
    folders = {folder for raw in entries if (folder := layout.store_of(raw.path))}
    folders |= {layout.STORE} if merged or apart else set()
    stores = tuple(
        _store_change(folder, entries, before, after, now, merged=merged, apart=apart) for folder in sorted(folders)
    )
    policy = functools.cache(partial(_policy, layout.STORE, before or after))
    files = partial(_files, objects, entries, set() if seen is None else seen)
    return Change(
        name=name, stores=stores, files=files, judging=before or after, policy=policy, message=message, accepting=before
    )


def _files(objects: Objects, entries: Sequence[DiffEntry], seen: set[tuple[str, str]]) -> Iterator[ChangedFile]:
    for raw in entries:
        if raw.mode == GONE:
            continue
        unread = raw.mode == SUBMODULE or (raw.oid, raw.path) in seen
        chunks = partial(iter, ()) if unread else partial(objects.chunks, raw.oid, raw.path)
        yield ChangedFile(path=raw.path, mode=raw.mode, oid=raw.oid, chunks=chunks)
        seen.add((raw.oid, raw.path))


def _store_change(
    folder: str,
    entries: Sequence[DiffEntry],
    before: Tree | None,
    after: Tree,
    now: datetime,
    *,
    merged: bool,
    apart: Sequence[Tree],
) -> ChangeSet:
    policy = _policy(folder, before or after)
    changed = frozenset(raw.path for raw in entries if layout.store_of(raw.path) == folder)
    old: Snapshot | None = open_snapshot(before, folder, now=now, policy=policy) if before else None
    new = open_snapshot(after, folder, now=now, policy=policy)
    last_move = partial(_last_move, before, tuple(policy.moves)) if isinstance(before, CommitTree) else _never_moved
    parents = tuple(open_snapshot(tree, folder, now=now, policy=policy) for tree in apart)
    return ChangeSet(before=old, after=new, changed=changed, merged=merged, parents=parents, last_move=last_move)


def _never_moved(_: Issue) -> None:
    return None


def _last_move(tree: CommitTree, statuses: tuple[str, ...], issue: Issue) -> LastMove | None:
    from sotctl.issues.last_move import last_move

    return last_move(tree.git, tree.objects, tree.name, issue.path, issue.id, statuses)


def _policy(folder: str, tree: Tree) -> Policy:
    """The configuration that judges a change; a broken one judges as the defaults do, and is itself a finding."""
    path = f"{folder}/{layout.CONFIGURATION}"
    try:
        return parse_policy(path, tree.read(path))
    except RejectedError:
        return Policy()
