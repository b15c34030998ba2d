"""The quick check: whether a change is plain, so that it can break no rule.

It is plain when it touches nothing that looks like a store, so that no policy rule applies, and no rule about files
anywhere (`checks/anywhere/`), no message and no ref name may be broken. Nearly every commit is plain, which git and the
detector alone can show. Everything else is checked in full, which needs more imports. In doubt a change is not plain.
"""

from __future__ import annotations

import os
from functools import partial

from sotctl.checks.anywhere import file_rules
from sotctl.documents.layout import CONFIGURATION, STORE, may_concern_store
from sotctl.git.diff import GONE, SUBMODULE, committed_diffs, parents_of, store_diffs
from sotctl.progress import watched
from sotctl.secrets import scan, scan_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sotctl.git.diff import DiffEntry, Staged
    from sotctl.git.repository import Git, Objects
    from sotctl.git.updates import Reached


def is_plain_index(objects: Objects, index: Staged) -> bool:
    """Whether nothing can be wrong with what the index would commit."""
    return not any(index.by_parent.values()) and _are_plain(objects, index.apart, set(), "HEAD")


def is_plain_message(message: bytes) -> bool:
    """Whether nothing can be wrong with the message of a commit or tag, or with the whole commit or tag object."""
    return not scan(message)


def are_plain_updates(git: Git, objects: Objects, reached: Reached) -> bool:
    """Whether nothing can be wrong with what the updates of refs make reachable.

    Raises:
        GitError: An object is not here.
    """
    if any(scan_path(update.name) for update in reached.updates):
        return False
    if any(tip.kind in ("tree", "blob") or (tip.kind == "tag" and scan(tip.data)) for tip in reached.tips):
        return False
    seen: set[tuple[str, str]] = set()
    return all(
        _is_plain_commit(git, objects, commit) and _are_plain(objects, entries, seen, commit)
        for commit, entries in committed_diffs(git, reached.commits)
    )


def _is_plain_commit(git: Git, objects: Objects, commit: str) -> bool:
    """Whether nothing is wrong with what a commit says, and if it is a merge, whether every parent has its stores."""
    body = objects.require(commit)[1]
    parents = parents_of(body)
    if len(parents) > 1 and any(store_diffs(git, commit, parents).values()):
        return False
    return is_plain_message(body)


def _are_plain(objects: Objects, entries: Sequence[DiffEntry], seen: set[tuple[str, str]], commit: str) -> bool:
    """Whether files break no rule; *seen* are those already checked, by path too, since a file's name decides some
    rules.
    """
    if any(may_concern_store(raw.path) for raw in entries) or _may_be_exported(objects, entries, commit):
        return False
    rules = file_rules()
    for raw in watched(entries, "files"):
        if (raw.oid, raw.path) in seen:
            continue
        seen.add((raw.oid, raw.path))
        is_file = raw.mode not in (GONE, SUBMODULE)
        chunks = partial(objects.chunks, raw.oid, raw.path) if is_file else partial(iter, ())
        if any(rule.may_break(raw.path, chunks) for rule in rules):
            return False
    return True


def _may_be_exported(objects: Objects, entries: Sequence[DiffEntry], commit: str) -> bool:
    """Whether `sot.toml` may name one of the files under `[exports]`; it is searched, not parsed."""
    data = objects.read(f"{commit}:{STORE}/{CONFIGURATION}") if entries else None
    if data is None or b"exports" not in data:
        return False
    return b"\\" in data or any(os.fsencode(raw.path) in data for raw in entries)
