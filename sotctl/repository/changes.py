"""Change sets from git: what is staged, what a commit did, what lies on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sotctl.checks.change import Change, ChangedFile, ChangeSet
from sotctl.documents import layout
from sotctl.documents.issues import Issue
from sotctl.documents.library import Library
from sotctl.documents.policy import Policy, parse_policy
from sotctl.documents.tree import Tree
from sotctl.findings import RejectedError
from sotctl.repository.git import Git, GitError, Objects
from sotctl.repository.store import Store, open_library
from sotctl.repository.trees import ObjectTree, WorkTree


@dataclass(frozen=True, slots=True)
class _Raw:
    """One line of a raw diff."""

    mode: str
    oid: str
    path: str


def staged(git: Git, objects: Objects, *, now: datetime) -> Change:
    """What the index would commit, judged by the configuration at HEAD."""
    head = git.run("rev-parse", "--verify", "-q", "HEAD^{commit}").stdout.decode().strip()
    raws = _raw(git.output("diff-index", "--cached", *_RAW, head or _empty_tree(git), "--"))
    before = ObjectTree(git, objects, head) if head else None
    return _change("index", raws, before, ObjectTree(git, objects, ""), objects, now)


def committed(git: Git, objects: Objects, commit: str, *, now: datetime) -> Change:
    """What a commit did against its first parent; a merge counts only where it differs from every parent."""
    body = objects.read(commit) or b""
    parents = [line[7:].decode() for line in body.partition(b"\n\n")[0].split(b"\n") if line.startswith(b"parent ")]
    first = parents[0] if parents else None
    raws = _raw(git.output("diff-tree", "-r", *_RAW, first or _empty_tree(git), commit, "--"))
    for other in parents[1:]:
        apart = {raw.path for raw in _raw(git.output("diff-tree", "-r", *_RAW, other, commit, "--"))}
        raws = [raw for raw in raws if raw.path in apart]
    before = ObjectTree(git, objects, first) if first else None
    return _change(commit, raws, before, ObjectTree(git, objects, commit), objects, now, message=body)


def on_disk(store: Store, *, now: datetime) -> Change:
    """The whole store as it lies on disk, and every tracked file of the work tree."""
    tree = WorkTree(store.top)
    entries = list(tree.entries(store.folder))
    library = open_library(tree, store.folder, now=now, policy=_policy(store.folder, tree))
    change = ChangeSet(before=None, after=library, changed=frozenset(entry.path for entry in entries))
    tracked = os.fsdecode(store.git.output("ls-files", "-z")).split("\0")[:-1]
    paths = sorted({*tracked, *(entry.path for entry in entries)})

    def files() -> Iterator[ChangedFile]:
        for path in paths:
            if (store.top / path).is_file() and not (store.top / path).is_symlink():
                yield ChangedFile(path=path, mode="100644", read=partial(_file, tree, path))

    return Change(name="work tree", stores=(change,), files=files)


def _file(tree: WorkTree, path: str) -> bytes:
    return tree.read(path) or b""


def commits(git: Git, revisions: Sequence[str]) -> list[str]:
    """The commits that revisions name, parents first."""
    return git.text("rev-list", "--reverse", "--topo-order", *revisions, "--").split()


_RAW = ("--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none")


def _raw(listing: bytes) -> list[_Raw]:
    """The lines of a raw diff that name the state after: mode, object and path."""
    parts = listing.split(b"\0")
    raws = []
    for meta, path in zip(parts[0::2], parts[1::2], strict=False):
        words = meta.lstrip(b":").split()
        raws.append(_Raw(words[1].decode(), words[3].decode(), os.fsdecode(path)))
    return raws


def _empty_tree(git: Git) -> str:
    return git.output("hash-object", "-t", "tree", "--stdin", stdin=b"").decode().strip()


def _change(
    name: str,
    raws: list[_Raw],
    before: Tree | None,
    after: Tree,
    objects: Objects,
    now: datetime,
    message: bytes | None = None,
) -> Change:
    folders = sorted({folder for raw in raws if (folder := layout.store_of(raw.path))})
    stores = tuple(_store_change(folder, raws, before, after, now) for folder in folders)

    def files() -> Iterator[ChangedFile]:
        for raw in raws:
            if raw.mode != "000000":
                yield ChangedFile(path=raw.path, mode=raw.mode, read=partial(_blob, objects, raw))

    return Change(name=name, stores=stores, files=files, message=message)


def _blob(objects: Objects, raw: _Raw) -> bytes:
    data = objects.read(raw.oid)
    if data is None:
        raise GitError(
            f"object {raw.oid} of {raw.path} is not here, so it could not be checked", hint="git fetch --refetch"
        )
    return data


def _store_change(folder: str, raws: list[_Raw], before: Tree | None, after: Tree, now: datetime) -> ChangeSet:
    policy = _policy(folder, before or after)
    changed = frozenset(raw.path for raw in raws if layout.store_of(raw.path) == folder)
    old: Library | None = open_library(before, folder, now=now, policy=policy) if before else None
    library = open_library(after, folder, now=now, policy=policy)
    last_status = partial(_last_status, before, tuple(policy.moves)) if isinstance(before, ObjectTree) else _never_moved
    return ChangeSet(before=old, after=library, changed=changed, last_status=last_status)


def _never_moved(_: Issue) -> None:
    return None


def _last_status(tree: ObjectTree, statuses: tuple[str, ...], issue: Issue) -> str | None:
    from sotctl.repository.moves import last_move

    move = last_move(tree.git, tree.objects, tree.name, issue.path, issue.id, statuses)
    return move.before if move else None


def _policy(folder: str, tree: Tree) -> Policy:
    """The configuration that judges a change; a broken one judges as the defaults do, and is itself a finding."""
    path = f"{folder}/{layout.CONFIGURATION}"
    try:
        return parse_policy(path, tree.read(path))
    except RejectedError:
        return Policy()
