"""The trees git has: a commit, the index, and the files on disk."""

from __future__ import annotations

import functools
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from sotctl.documents.tree import BY_PATH, Entry
from sotctl.repository.files import TEMPORARY
from sotctl.repository.git import CHUNK_BYTES, Git, MissingObjectError, Objects
from sotctl.repository.raw import GONE, SUBMODULE, Raw

# Mode, name and id of each entry of a tree object, by the width of an id in bytes: 20 for SHA-1, 32 for SHA-256.
_TREE_ENTRIES = {width: re.compile(rb"(\d+) ([^\0]+)\0(.{%d})" % width, re.DOTALL) for width in (20, 32)}
_WHOLE_TREES = {width: re.compile(rb"(?:\d+ [^\0]+\0.{%d})*" % width, re.DOTALL) for width in _TREE_ENTRIES}


class WorkTree:
    """The files on disk below *top*; links are listed, never followed."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._searched: dict[tuple[str, tuple[bytes, ...], tuple[str, ...]], list[str]] = {}

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file, or None."""
        try:
            descriptor = os.open(f"{self._top}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        try:  # without a file object: of ten thousand documents, each costs half as much to read
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return None
            data = os.read(descriptor, status.st_size + 1)
            while len(data) != status.st_size and (more := os.read(descriptor, CHUNK_BYTES)):
                data += more  # it was shorter or longer a moment ago
            return data
        finally:
            os.close(descriptor)

    def mode(self, path: str) -> str | None:
        """The mode of a file or link, or None."""
        try:
            kind = os.lstat(f"{self._top}/{path}").st_mode
        except OSError:
            return None
        return "120000" if stat.S_ISLNK(kind) else None if stat.S_ISDIR(kind) else "100644"

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a regular file, a few megabytes at a time; none of what is not one."""
        try:
            descriptor = os.open(f"{self._top}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return
        with open(descriptor, "rb", buffering=0) as file:
            while stat.S_ISREG(os.fstat(descriptor).st_mode) and (data := file.read(CHUNK_BYTES)):
                yield data

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order of path."""
        yield from sorted(self._walk(folder), key=BY_PATH)

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*, found by `git grep`, tracked or not."""
        yield from self._search(folder, words, "--untracked", "--no-exclude-standard")

    def likely(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """Those of which the index says so, and that do: one pack is searched sooner than ten thousand files."""
        for path in self._search(folder, words, "--cached"):
            if any(word in (self.read(path) or b"") for word in words):
                yield path

    def _search(self, folder: str, words: Sequence[bytes], *where: str) -> list[str]:
        """What `git grep` finds, searched for once."""
        asked = folder, tuple(words), where
        if asked not in self._searched:
            self._searched[asked] = _grep(Git(self._top), folder, words, *where)
        return self._searched[asked]

    def _walk(self, folder: str) -> Iterator[Entry]:
        try:
            children = list(os.scandir(self._top / folder))
        except (FileNotFoundError, NotADirectoryError):
            return
        prefix = f"{folder}/" if folder else ""
        for child in children:
            path = f"{prefix}{child.name}"
            if child.is_symlink():
                yield Entry(path, "120000")
            elif child.is_dir():
                yield from self._walk(path) if child.name != ".git" else ()
            elif not child.name.endswith(TEMPORARY):
                yield Entry(path)


class CommitTree:
    """The tree of a commit, or a tree itself, read object by object through the batch.

    Raises:
        MissingObjectError: Looking into it, a tree or blob was not here.
    """

    def __init__(self, git: Git, objects: Objects, name: str) -> None:
        self.git, self.objects, self.name = git, objects, name

    def read(self, path: str) -> bytes | None:
        """The bytes of a blob, or None."""
        found = self._find(path)
        if found is None or found[0] in ("040000", "160000"):
            return None
        return self.objects.require(found[1], path)[1]

    def mode(self, path: str) -> str | None:
        """The mode of a file, link or submodule, or None."""
        found = self._find(path)
        return found[0] if found and found[0] != "040000" else None

    def id_of(self, path: str) -> str | None:
        """The id of the object at *path*, or None."""
        found = self._find(path)
        return found[1] if found else None

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order of path."""
        yield from (Entry(path, mode) for path, mode, _ in self.listing(folder))

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*."""
        for path in _grep(self.git, folder, words, self.name):
            yield path.removeprefix(f"{self.name}:")

    likely = holding

    def listing(self, folder: str = "") -> list[tuple[str, str, str]]:
        """Path, mode and object id of every file below *folder*, in order of path."""
        start = ("040000", self._root) if not folder else self._find(folder)
        if start is None or start[0] != "040000":
            return []
        return sorted(self._below(f"{folder}/" if folder else "", start[1]))

    @functools.cached_property
    def _root(self) -> str:
        name = self.name
        while True:
            kind, data = self.objects.require(name)
            if kind == b"tree":
                return name
            name = data.partition(b"\n")[0].split()[1].decode()

    def _find(self, path: str) -> tuple[str, str] | None:
        here = ("040000", self._root)
        for part in path.split("/"):
            if here[0] != "040000" or (found := _child(self.objects, here[1], os.fsencode(part))) is None:
                return None
            here = found
        return here

    def _below(self, prefix: str, oid: str) -> Iterator[tuple[str, str, str]]:
        for mode, name, child in _TREE_ENTRIES[len(oid) // 2].findall(_tree(self.objects, oid)):
            path = prefix + os.fsdecode(name)
            if _mode(mode) == "040000":
                yield from self._below(f"{path}/", child.hex())
            else:
                yield path, _mode(mode), child.hex()


def _mode(mode: bytes) -> str:
    """A mode with all its digits; a tree object leaves out the first of a folder's."""
    return mode.decode().zfill(6)


def _child(objects: Objects, oid: str, name: bytes) -> tuple[str, str] | None:
    """Mode and id of what a tree object holds under a name; of its other entries, thousands maybe, none is made."""
    data = _tree(objects, oid)
    if b" %b\0" % name not in data:
        return None
    width = len(oid) // 2
    # Names and ids may hold what looks like an entry: only what whole entries precede is one.
    entry = rb"%b(\d+) %b\0(.{%d})" % (_WHOLE_TREES[width].pattern, re.escape(name), width)
    found = re.match(entry, data, re.DOTALL)
    return (_mode(found[1]), found[2].hex()) if found else None


@functools.lru_cache(maxsize=512)
def _tree(objects: Objects, oid: str) -> bytes:
    """The bytes of a tree object, seen to be whole entries from end to end; commits share most of their trees."""
    kind, data = objects.require(oid)
    if kind != b"tree":
        raise MissingObjectError(oid, "a tree")
    if _WHOLE_TREES[len(oid) // 2].fullmatch(data) is None:
        raise MissingObjectError(oid, "a damaged tree")
    return data


class IndexTree:
    """What the index would commit: *base*, the tree of HEAD, and what *raws* say that the index has otherwise.

    An unmerged path is not part of it.
    """

    def __init__(self, git: Git, objects: Objects, base: CommitTree | None, raws: Sequence[Raw]) -> None:
        self._git, self._objects, self._base = git, objects, base
        self._staged = {raw.path: raw for raw in raws}

    def read(self, path: str) -> bytes | None:
        """The bytes of a blob, or None."""
        raw = self._staged.get(path)
        if raw is None:
            return self._base.read(path) if self._base else None
        return None if raw.mode in (GONE, SUBMODULE) else self._objects.require(raw.oid, path)[1]

    def mode(self, path: str) -> str | None:
        """The mode of a file, link or submodule, or None."""
        raw = self._staged.get(path)
        if raw is None:
            return self._base.mode(path) if self._base else None
        return None if raw.mode == GONE else raw.mode

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order of path."""
        prefix = f"{folder}/" if folder else ""
        modes = {entry.path: entry.mode for entry in self._base.entries(folder)} if self._base else {}
        modes |= {path: raw.mode for path, raw in self._staged.items() if path.startswith(prefix)}
        yield from (Entry(path, mode) for path, mode in sorted(modes.items()) if mode != GONE)

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*."""
        yield from _grep(self._git, folder, words, "--cached")

    likely = holding


def _grep(git: Git, folder: str, words: Sequence[bytes], *where: str) -> list[str]:
    patterns = [part for word in words for part in ("-e", os.fsdecode(word))]
    found = git.run("grep", "-l", "-z", "-F", "--full-name", *patterns, *where, "--", f":(literal,top){folder}")
    return [os.fsdecode(path) for path in found.stdout.split(b"\0")[:-1]]
