"""Change sets from git: what is staged, what a commit did, what lies on disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sotctl.checks.change import Change, ChangedFile, ChangeSet, never_moved
from sotctl.checks.stores import Listings, Stores
from sotctl.documents import layout
from sotctl.documents.issues import Issue
from sotctl.git.diff import (
    GONE,
    SUBMODULE,
    DiffEntry,
    Staged,
    committed_diffs,
    merge_bases,
    parents_of,
    read_staged,
    store_diffs,
)
from sotctl.git.repository import Git, Objects
from sotctl.git.trees import CommitTree, IndexTree, WorkTree, read_commit
from sotctl.git.where import merge_parents
from sotctl.issues.last_move import last_move
from sotctl.issues.planning import LastMove
from sotctl.progress import watched
from sotctl.store.store import Store, open_snapshot


def staged_change(git: Git, objects: Objects, *, now: datetime, index: Staged | None = None) -> Change:
    """What the index would commit, to be checked with the configuration at HEAD, with progress on a terminal.

    *index* is what was read of it already.
    """
    index = index or read_staged(git, merge_parents(git.text("rev-parse", "--absolute-git-dir")))
    before = CommitTree(git, objects, head) if (head := git.commit()) else None
    after = IndexTree(git, objects, before, index.entries)
    changes = _Changes(git, objects, now)
    change = changes.make("index", index.apart, before, after, sides=changes.sides(index.by_parent, after))
    return replace(change, files=lambda: watched(change.files(), "files"))


def committed(git: Git, objects: Objects, commits: Sequence[str], *, now: datetime) -> Iterator[Change]:
    """What each of *commits*, parents first, did; each file is searched once.

    The files of a merge count only where they differ from every parent; its stores are compared with each parent. Every
    commit is checked with the configuration of its first parent, a root commit with its own, and what a merge brings
    from one parent to another with the configuration after the merge.

    Raises:
        GitError: A commit or file is not here.
    """
    changes = _Changes(git, objects, now)
    for commit, entries in committed_diffs(git, commits):
        yield changes.commit(commit, entries)


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
    """Everything in a tree that a ref names directly, as if a first commit added it."""
    after = CommitTree(git, objects, tree)
    entries = [DiffEntry(mode, oid, path) for path, mode, oid in after.listing()]
    return _Changes(git, objects, now).make(tree, entries, None, after)


def on_disk(store: Store, *, now: datetime) -> Change:
    """The whole store as it lies on disk, and every tracked file of the work tree."""
    tree = WorkTree(store.top)
    entries = list(tree.entries(store.folder))
    stores = Stores(tree)
    policy = stores.policy(store.folder)
    snapshot = open_snapshot(tree, store.folder, now=now, policy=policy)
    changed = frozenset(entry.path for entry in entries)
    named = (store.folder,) if stores.top == "" else stores.named  # none is tracked yet
    change = ChangeSet(before=None, after=snapshot, changed=changed, is_whole=True, named_stores=named)
    unnamed = [
        replace(change, after=open_snapshot(tree, folder, now=now, policy=policy), changed=frozenset())
        for folder in sorted(tree.folders(layout.STORE) - {store.folder, *named})
    ]
    tracked = store.git.output("ls-files", "-z").decode("utf-8", "surrogateescape").split("\0")[:-1]
    paths = sorted({*tracked, *(entry.path for entry in entries)})

    def files() -> Iterator[ChangedFile]:
        for path in paths:
            yield ChangedFile(path=path, mode="100644", oid="", chunks=partial(tree.chunks, path))

    return Change(
        name="work tree",
        stores=(change, *unnamed),
        files=files,
        policy_tree=tree,
        policy=lambda: stores.policy(""),
        accepting=tree,
        is_whole=True,
    )


class _Changes:
    """Makes changes from what git says; each file is searched once, and the stores of a commit are listed once."""

    def __init__(self, git: Git, objects: Objects, now: datetime) -> None:
        self._git, self._objects, self._now = git, objects, now
        self._seen: set[tuple[str, str]] = set()
        self._listings = Listings()

    def commit(self, commit: str, entries: list[DiffEntry]) -> Change:
        """What a commit did; *entries* are its files, of a merge those that differ from every parent."""
        body = read_commit(self._objects, commit)[1]
        parents = parents_of(body)
        before = self._tree(parents[0]) if parents else None
        after = self._tree(commit)
        sides = self.sides(store_diffs(self._git, commit, parents), after) if len(parents) > 1 else []
        self._listings.follow(commit, parents, entries)
        return self.make(commit, entries, before, after, message=body, sides=sides)

    def sides(self, changed: Mapping[str, Sequence[DiffEntry]], after: CommitTree | IndexTree) -> list[ChangeSet]:
        """A merge as a change to each of its parents, store by store; *changed* is what it changes there, by the
        parent's id.

        What comes from another parent was checked there with the configuration of its time. Here it is checked with the
        configuration after the merge.
        """
        sides = []
        stores = Stores(after, self._listings)
        for folder in sorted({folder for entries in changed.values() for folder in _folders(entries)}):
            policy = stores.policy(folder)
            open_ = partial(open_snapshot, folder=folder, now=self._now, policy=policy)
            merged = open_(after)
            for parent, entries in changed.items():
                if folder in _folders(entries):
                    tree = self._tree(parent)
                    others = [other for other in changed if other != parent]
                    bases = merge_bases(self._git, parent, others) if others else [parent]
                    sides.append(
                        ChangeSet(
                            before=open_(tree),
                            after=merged,
                            changed=frozenset(raw.path for raw in entries if layout.store_of(raw.path) == folder),
                            bases=tuple(open_(self._tree(base)) for base in bases),
                            last_move=partial(_last_move, tree, tuple(policy.moves)),
                            source=parent[:12],
                            named_stores=stores.named,
                        )
                    )
        return sides

    def make(
        self,
        name: str,
        entries: Sequence[DiffEntry],
        before: CommitTree | None,
        after: CommitTree | IndexTree,
        *,
        message: bytes | None = None,
        sides: Sequence[ChangeSet] = (),
    ) -> Change:
        """A change of *entries*; every store that they lie in, or whose exported files they are, is one of its own."""
        configured = Stores(before or after, self._listings)
        folders = _folders(entries)
        targets = set(configured.policy("").exports.values())
        if any(raw.path in targets for raw in entries):
            folders.add(configured.top or layout.STORE)
        own = [self._store(folder, entries, before, after, configured) for folder in sorted(folders)]
        return Change(
            name=name,
            stores=(*own, *sides),
            files=partial(self._files, entries),
            policy_tree=before or after,
            policy=partial(configured.policy, ""),
            message=message,
            accepting=before,
        )

    def _store(
        self,
        folder: str,
        entries: Sequence[DiffEntry],
        before: CommitTree | None,
        after: CommitTree | IndexTree,
        configured: Stores,
    ) -> ChangeSet:
        policy = configured.policy(folder)
        targets = set(policy.exports.values())
        changed = frozenset(raw.path for raw in entries if layout.store_of(raw.path) == folder or raw.path in targets)
        open_ = partial(open_snapshot, folder=folder, now=self._now, policy=policy)
        # A change of nothing but a configuration may name the stores that are there already.
        configures = changed == {f"{folder}/{layout.CONFIGURATION}"}
        naming = Stores(after, self._listings) if configures or not configured.top else configured
        return ChangeSet(
            before=open_(before) if before else None,
            after=open_(after),
            changed=changed,
            last_move=partial(_last_move, before, tuple(policy.moves)) if before else never_moved,
            named_stores=naming.named,
        )

    def _files(self, entries: Sequence[DiffEntry]) -> Iterator[ChangedFile]:
        for raw in entries:
            if raw.mode == GONE:
                continue
            unread = raw.mode == SUBMODULE or (raw.oid, raw.path) in self._seen
            chunks = partial(iter, ()) if unread else partial(self._objects.chunks, raw.oid, raw.path)
            yield ChangedFile(path=raw.path, mode=raw.mode, oid=raw.oid, chunks=chunks)
            self._seen.add((raw.oid, raw.path))

    def _tree(self, commit: str) -> CommitTree:
        return CommitTree(self._git, self._objects, commit)


def _folders(entries: Iterable[DiffEntry]) -> set[str]:
    """The stores in which paths lie."""
    return {folder for entry in entries if (folder := layout.store_of(entry.path))}


def _last_move(tree: CommitTree, statuses: tuple[str, ...], issue: Issue) -> LastMove | None:
    return last_move(tree.git, tree.objects, tree.name, issue.path, issue.id, statuses)
