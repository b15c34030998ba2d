"""What changed between trees, as modes, object ids and paths. No text of a file is compared, no attribute of
a path is asked. Every hook imports this, so it imports nothing that takes time."""

from __future__ import annotations

import functools
import os

from sotctl.git.repository import DEEPEN, TRUE_HISTORY, Git, GitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GONE = "000000"
SUBMODULE = "160000"
_BLOCK = 512
"""Commits whose differences are held in memory at once."""
_STORES = (":(glob)**/.sot", ":(glob)**/.sot/**")
PLAIN_LOG = ("--encoding=UTF-8", "--no-show-signature", "--no-color", "--no-ext-diff")
"""Options of `git log` that keep settings of the user from changing what it prints."""
FLAGS = ("--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none")


class DiffEntry:
    """One path of a raw diff: git's mode and the object after the change; `GONE` where there is none."""

    __slots__ = ("mode", "oid", "path")

    def __init__(self, mode: str, oid: str, path: str) -> None:
        self.mode, self.oid, self.path = mode, oid, path


class Staged:
    """What the index would change: `entries` against HEAD, `apart` those of them that differ from every parent.

    `by_parent` is what it would change in the stores of each parent of the merge that it concludes, by commit id; empty
    where it concludes none, and then the other two are the same.
    """

    __slots__ = ("apart", "by_parent", "entries")

    def __init__(
        self, entries: list[DiffEntry], apart: list[DiffEntry], by_parent: dict[str, list[DiffEntry]] | None = None
    ) -> None:
        self.entries, self.apart, self.by_parent = entries, apart, by_parent or {}


def read_staged(git: Git, extra_parents: Sequence[str] = (), meanwhile: Callable[[], object] | None = None) -> Staged:
    """What the index would change; *meanwhile* is called while git reads it.

    Args:
        extra_parents: The parents of a merge besides HEAD.
    """
    against = git.run("diff-index", "--cached", *FLAGS, "HEAD", "--", meanwhile=meanwhile)
    if against.returncode == 0:
        entries = _plain(against.stdout)
    elif git.commit():
        raise GitError(f"git diff-index: {against.said}")
    else:
        empty = git.text("hash-object", "-t", "tree", "--stdin")  # in the hash of the repository
        entries = _plain(git.output("diff-index", "--cached", *FLAGS, empty, "--"))
    apart, by_parent = entries, {}
    for parent in extra_parents:
        against_parent = _plain(git.output("diff-index", "--cached", *FLAGS, parent, "--"))
        paths = {raw.path for raw in against_parent}
        apart = [raw for raw in apart if raw.path in paths]
        by_parent[parent] = _in_stores(against_parent)
    if extra_parents:
        by_parent = {git.text("rev-parse", "HEAD"): _in_stores(entries), **by_parent}
    return Staged(entries, apart, by_parent)


def store_diffs(git: Git, commit: str, parents: Sequence[str]) -> dict[str, list[DiffEntry]]:
    """How the stores of a merge differ from those of each of its parents, by the parent's id.

    Raises:
        GitError: A commit or tree is not here.
    """
    arguments = ("diff-tree", "--stdin", "--always", "-r", *FLAGS, "--", *_STORES)
    pairs = "".join(f"{commit} {parent}\n" for parent in parents)
    found = [entries for _, entries in _by_commit(_read(git, arguments, pairs.encode()))]
    return dict(zip(parents, found, strict=True))


def merge_bases(git: Git, commit: str, others: Sequence[str]) -> list[str]:
    """The commits from which the histories of *commit* and *others* parted; none where they are unrelated.

    In a shallow clone a merge base may be missing; the histories then count as unrelated.

    Raises:
        GitError: A commit on the way is not here.
    """
    git = Git(git.top, {**git.environment, "GIT_GRAFT_FILE": os.devnull})
    return _read(git, ("merge-base", "--all", commit, *others), is_good=(0, 1)).decode().split()


def commit_ids(git: Git, tips: Sequence[str], *options: str) -> list[str]:
    """The commits that `git rev-list` finds from *tips*, parents first; a tip may be a range. *options* narrow it.

    Raises:
        GitError: A commit on the way is not here, or there is no such tip.
    """
    git = Git(git.top, {**git.environment, **TRUE_HISTORY})
    arguments = ("rev-list", "--reverse", "--topo-order", "--stdin", *options)
    return _read(git, arguments, os.fsencode("\n".join(tips) + "\n")).decode().split()


def committed_diffs(git: Git, commits: Sequence[str]) -> Iterator[tuple[str, list[DiffEntry]]]:
    """What each commit changes against its parent, and a merge only where it differs from every parent.

    Raises:
        GitError: A commit or tree is not here.
    """
    for start in range(0, len(commits), _BLOCK):
        yield from _by_commit(_diff_tree(git, "\n".join(commits[start : start + _BLOCK]) + "\n"))


@functools.lru_cache(maxsize=1)
def _diff_tree(git: Git, commits: str) -> bytes:
    """What `git diff-tree` says; kept, since what fails the quick check is checked in full."""
    git = Git(git.top, {**git.environment, **TRUE_HISTORY})
    return _read(git, ("diff-tree", "--stdin", "--always", "--root", "-r", "-c", *FLAGS), commits.encode())


def parents_of(commit: bytes) -> list[str]:
    """The parents that a commit object names; as git does, those right below the tree and no line further down."""
    parents = []
    for line in commit.split(b"\n", 1)[-1].splitlines():
        if not line.startswith(b"parent "):
            break
        parents.append(line[7:].decode())
    return parents


def _read(git: Git, arguments: Sequence[str], stdin: bytes = b"", *, is_good: Sequence[int] = (0,)) -> bytes:
    done = git.run(*arguments, stdin=stdin)
    if done.returncode not in is_good:
        why = done.said.splitlines()[-1] if done.said else "git was stopped"
        raise GitError(f"the history could not be read, so it could not be verified: {why}", hint=DEEPEN)
    return done.stdout


def _in_stores(entries: Sequence[DiffEntry]) -> list[DiffEntry]:
    return [entry for entry in entries if ".sot" in entry.path.split("/")]


def _plain(listing: bytes) -> list[DiffEntry]:
    parts = listing.split(b"\0")
    return [_raw(meta, path) for meta, path in zip(parts[0::2], parts[1::2], strict=False)]


def _by_commit(listing: bytes) -> Iterator[tuple[str, list[DiffEntry]]]:
    commit, entries = "", []
    parts = iter(listing.split(b"\0")[:-1])
    for part in parts:
        if part.startswith(b":"):
            entries.append(_raw(part, next(parts)))
            continue
        if commit:
            yield commit, entries
        commit, entries = part.decode(), []
    yield commit, entries


def _raw(meta: bytes, path: bytes) -> DiffEntry:
    """Read `:100644 100644 <id> <id> M`; a merge has one colon, one mode and one id more for each further parent."""
    parents = len(meta) - len(meta.lstrip(b":"))
    words = meta[parents:].split()
    return DiffEntry(words[parents].decode(), words[2 * parents + 1].decode(), os.fsdecode(path))
