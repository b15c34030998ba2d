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
from sotctl.scanning.engine import ready_engine
from sotctl.secrets import scan, scan_all, scan_path
from sotctl.secrets.catalogue import all_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import NoReturn

    from sotctl.git.diff import DiffEntry, Staged
    from sotctl.git.repository import Git, Objects
    from sotctl.git.updates import Reached


def load_rules() -> None:
    """Import the rules about any file, and those of the detector."""
    file_rules()
    all_rules()


def is_plain_index(objects: Objects, index: Staged) -> bool:
    """Whether nothing can be wrong with what the index would commit."""
    if any(index.by_parent.values()) or _may_concern_store(objects, index.apart, "HEAD"):
        return False
    return _are_plain(objects, index.apart)


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
    changed: dict[tuple[str, str], DiffEntry] = {}  # a file's name decides some rules, so each path of a blob counts
    for commit, entries in committed_diffs(git, reached.commits):
        if _may_concern_store(objects, entries, commit):
            return False
        changed.update(((raw.oid, raw.path), raw) for raw in entries)
    return _are_plain_commits(git, objects, reached.commits) and _are_plain(objects, list(changed.values()))


def _are_plain_commits(git: Git, objects: Objects, commits: Sequence[str]) -> bool:
    """Whether nothing is wrong with what commits say, and whether every parent of a merge has its stores."""
    merges: list[tuple[str, list[str]]] = []

    def bodies() -> Iterator[tuple[bytes, str]]:
        for commit, body in zip(commits, objects.read_many(commits), strict=True):
            if len(parents := parents_of(body)) > 1:
                merges.append((commit, parents))
            yield body, ""

    if any(scan_all(bodies())):
        return False
    return not any(any(store_diffs(git, commit, parents).values()) for commit, parents in merges)


def _may_concern_store(objects: Objects, entries: Sequence[DiffEntry], commit: str) -> bool:
    """Whether one of the files looks like part of a store, or may be an export of one."""
    return any(may_concern_store(raw.path) for raw in entries) or _may_be_exported(objects, entries, commit)


def _are_plain(objects: Objects, entries: Sequence[DiffEntry]) -> bool:
    """Whether files, each of them once, break no rule about any file; a second process looks at half of many."""
    # Loaded before the fork, the compiled rules are loaded once; where there are none yet, one process builds them.
    if len(entries) < _WORTH_FILES or not ready_engine(build=False):
        return _break_no_rule(objects, entries)
    middle = len(entries) // 2
    child = os.fork()
    if not child:
        _answer(lambda: _break_no_rule(objects.after_fork(), entries[middle:], quiet=True))
    is_plain = False
    try:
        is_plain = _break_no_rule(objects, entries[:middle])
    finally:
        if not is_plain:  # nobody needs the other half
            from signal import SIGKILL

            os.kill(child, SIGKILL)
        status = os.waitpid(child, 0)[1]
    return is_plain and status == 0


_WORTH_FILES = 96
"""From so many files on a second process takes less time than it costs."""


def _answer(is_plain: Callable[[], bool]) -> NoReturn:
    """End this process with 0 if *is_plain*. Where it fails the change is not plain, and the full check says why."""
    status = 1
    try:
        status = 0 if is_plain() else 1
    finally:
        os._exit(status)


def _break_no_rule(objects: Objects, entries: Sequence[DiffEntry], *, quiet: bool = False) -> bool:
    paths = [raw.path for raw in entries]
    return not any(rule.may_break(paths, partial(_contents, objects, entries, quiet)) for rule in file_rules())


def _contents(objects: Objects, entries: Sequence[DiffEntry], quiet: bool) -> Iterator[Iterator[bytes]]:
    """The chunks of each file in turn; of one that is gone, and of a submodule, there are none."""
    blobs = [raw for raw in entries if raw.mode not in (GONE, SUBMODULE)]
    contents = objects.chunks_of_many([raw.oid for raw in blobs], [raw.path for raw in blobs])
    for raw in entries if quiet else watched(entries, "files"):
        yield iter(()) if raw.mode in (GONE, SUBMODULE) else next(contents)


def _may_be_exported(objects: Objects, entries: Sequence[DiffEntry], commit: str) -> bool:
    """Whether `sot.toml` may name one of the files under `[exports]`; it is searched, not parsed."""
    data = objects.read(f"{commit}:{STORE}/{CONFIGURATION}") if entries else None
    if data is None or b"exports" not in data:
        return False
    return b"\\" in data or any(os.fsencode(raw.path) in data for raw in entries)
