"""The trees git has: a commit, the index, and the files on disk."""

from __future__ import annotations

import functools
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from sotctl.documents.tree import BY_PATH, Entry
from sotctl.durable import TEMPORARY
from sotctl.git.diff import GONE, SUBMODULE, DiffEntry
from sotctl.git.repository import CHUNK_BYTES, Git, GitError, MissingObjectError, Objects

_FOLDER = "040000"
_FULL_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FOLDER_MODE = re.compile(rb"4[0-7]{4} ")
_KINDS = {0o040000: _FOLDER, 0o100000: "100644", 0o120000: "120000"}
# Mode, name and id of each entry of a tree object, by the width of an id in bytes: 20 for SHA-1, 32 for SHA-256.
_TREE_ENTRIES = {width: re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % width, re.DOTALL) for width in (20, 32)}
_TREE_NAMES = {width: re.compile(rb"[0-7]+ ([^\0]+)\0.{%d}" % width, re.DOTALL) for width in _TREE_ENTRIES}
# All entries of a tree; `+` behind it keeps no way back, `?` stops at the first that will do.
_ENTRIES = {width: rb"(?:[0-7]+ [^\0]+\0.{%d})*" % width for width in _TREE_ENTRIES}
_WHOLE_TREES = {width: re.compile(entries + b"+", re.DOTALL) for width, entries in _ENTRIES.items()}


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
        """The mode of a file or link, that of a submodule for another repository, or None."""
        try:
            kind = os.lstat(f"{self._top}/{path}").st_mode
        except OSError:
            return None
        if stat.S_ISDIR(kind):
            return SUBMODULE if os.path.lexists(f"{self._top}/{path}/.git") else None
        if stat.S_ISLNK(kind):
            return "120000"
        return "100644" if stat.S_ISREG(kind) else None

    def has_folder(self, path: str) -> bool:
        """Whether a folder of that path is there."""
        folder = self._top / path
        return folder.is_dir() and not folder.is_symlink()

    def folders(self, name: str) -> set[str]:
        """The paths of the folders of that name that hold tracked files, those inside another left out."""
        paths = os.fsdecode(Git(self._top).output("ls-files", "-z")).split("\0")
        return {found for path in paths if (found := _folder_in(path, name)) and self.has_folder(found)}

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a regular file, a few megabytes at a time; none of what is not one."""
        try:
            descriptor = os.open(f"{self._top}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return
        try:
            while stat.S_ISREG(os.fstat(descriptor).st_mode) and (data := os.read(descriptor, CHUNK_BYTES)):
                yield data
        finally:
            os.close(descriptor)

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order of path."""
        yield from sorted(self._walk(folder), key=BY_PATH)

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*, found by `git grep`, tracked or not."""
        yield from self._search(folder, words, "--untracked", "--no-exclude-standard")

    def likely(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The tracked ones, found through the index: searching one pack is faster than searching ten thousand files."""
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
                yield from self._folder(path) if child.name != ".git" else ()
            elif child.is_file() and not child.name.endswith(TEMPORARY):
                yield Entry(path)

    def _folder(self, path: str) -> Iterator[Entry]:
        """What is below a folder; another repository is one entry, as git has it."""
        if os.path.lexists(f"{self._top}/{path}/.git"):
            yield Entry(path, SUBMODULE)
        else:
            yield from self._walk(path)


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
        if found is None or found[0] in (_FOLDER, SUBMODULE):
            return None
        return self.objects.require(found[1], path)[1]

    def mode(self, path: str) -> str | None:
        """The mode of a file, link or submodule, or None."""
        found = self._find(path)
        return found[0] if found and found[0] != _FOLDER else None

    def has_folder(self, path: str) -> bool:
        """Whether a folder of that path is there."""
        found = self._find(path)
        return found is not None and found[0] == _FOLDER

    def folders(self, name: str) -> set[str]:
        """The paths of the folders of that name, those inside another left out."""
        listed = os.fsdecode(self.git.output("ls-tree", "-r", "-d", "--name-only", "-z", self.name)).split("\0")
        return {found for path in listed if (found := _folder_in(f"{path}/", name))}

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
        start = self._find(folder) if folder else (_FOLDER, self._root)
        if start is None or start[0] != _FOLDER:
            return []
        return sorted(self._below(f"{folder}/" if folder else "", start[1]))

    @functools.cached_property
    def _root(self) -> str:
        name = self.name
        while True:
            kind, data = read_commit(self.objects, name)
            if kind == b"tree":
                return name
            name = data.partition(b"\n")[0].split()[1].decode()

    def _find(self, path: str) -> tuple[str, str] | None:
        here = (_FOLDER, self._root)
        for part in path.split("/"):
            if here[0] != _FOLDER or (found := _child(self.objects, here[1], os.fsencode(part))) is None:
                return None
            here = found
        return here

    def _below(self, prefix: str, oid: str) -> Iterator[tuple[str, str, str]]:
        for mode, name, child in _TREE_ENTRIES[len(oid) // 2].findall(_tree(self.objects, oid)):
            path = prefix + os.fsdecode(name)
            if _mode(mode) == _FOLDER:
                yield from self._below(f"{path}/", child.hex())
            else:
                yield path, _mode(mode), child.hex()


def read_commit(objects: Objects, name: str) -> tuple[bytes, bytes]:
    """The type and the bytes of a commit, cached, since it is read as a change, as a tree and as a parent.

    Only full ids are cached: `HEAD` is another commit after each commit of sotctl's own.
    """
    return _read_by_id(objects, name) if _FULL_ID.fullmatch(name) else objects.require(name)


@functools.lru_cache(maxsize=512)
def _read_by_id(objects: Objects, oid: str) -> tuple[bytes, bytes]:
    return objects.require(oid)


@functools.cache
def _mode(mode: bytes) -> str:
    """A mode as git normalises it: by its kind, and of a file by whether it is executable."""
    bits = int(mode, 8)
    kind = _KINDS.get(bits & 0o170000, SUBMODULE)
    return "100755" if kind == "100644" and bits & 0o100 else kind


def _child(objects: Objects, oid: str, name: bytes) -> tuple[str, str] | None:
    """Mode and id of one entry of a tree object, without parsing the others, which may be thousands."""
    data = _tree(objects, oid)
    if b" %b\0" % name not in data:
        return None
    width = len(oid) // 2
    # Names and ids may contain bytes that look like an entry, so entries are read from the start, and no further.
    entry = rb"%b?([0-7]+) %b\0(.{%d})" % (_ENTRIES[width], re.escape(name), width)
    found = re.match(entry, data, re.DOTALL)
    return (_mode(found[1]), found[2].hex()) if found else None


@functools.lru_cache(maxsize=512)
def _tree(objects: Objects, oid: str) -> bytes:
    """The bytes of a well-formed tree object; cached, since commits share most of their trees."""
    kind, data = objects.require(oid)
    if kind != b"tree":
        raise MissingObjectError(oid, "a tree")
    if not _is_sound(data, len(oid) // 2):
        raise DamagedTreeError(oid)
    return data


def _is_sound(data: bytes, width: int) -> bool:
    """Tell whether a tree holds whole entries, each name once, none a path, in git's order.

    Git takes the first of two entries, and none behind a wrong order; a checkout writes a path into one name.
    """
    if _WHOLE_TREES[width].fullmatch(data) is None:
        return False
    names = _TREE_NAMES[width].findall(data)
    if len(set(names)) != len(names) or b"/" in b"".join(names):
        return False
    if _FOLDER_MODE.search(data):  # a folder is ordered as if its name ended in a slash
        entries = _TREE_ENTRIES[width].findall(data)
        names = [name + b"/" if _mode(mode) == _FOLDER else name for mode, name, _ in entries]
    return bool(names == sorted(names))


class DamagedTreeError(GitError):
    """A tree object that no git makes: an entry twice, out of order, or named by a path. Two readers could read it
    differently.
    """

    def __init__(self, oid: str) -> None:
        super().__init__(
            f"tree {oid} is damaged: two programs could read two things from it",
            hint="git fsck names what is wrong; git read-tree and git write-tree make the tree anew",
        )


class IndexTree:
    """What the index would commit: *base*, the tree of HEAD, and what *entries* say that the index has otherwise.

    An unmerged path is not part of it.
    """

    def __init__(self, git: Git, objects: Objects, base: CommitTree | None, entries: Sequence[DiffEntry]) -> None:
        self._git, self._objects, self._base = git, objects, base
        self._staged = {raw.path: raw for raw in entries}

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

    def has_folder(self, path: str) -> bool:
        """Whether a folder of that path is there."""
        staged = any(raw.path.startswith(f"{path}/") and raw.mode != GONE for raw in self._staged.values())
        return staged or (self._base is not None and self._base.has_folder(path) and any(self.entries(path)))

    def folders(self, name: str) -> set[str]:
        """The paths of the folders of that name, those inside another left out."""
        found = self._base.folders(name) if self._base else set()
        found |= {folder for path in self._staged if (folder := _folder_in(path, name))}
        return {folder for folder in found if self.has_folder(folder)}

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


def _folder_in(path: str, name: str) -> str:
    """The path up to the first folder of a name; "" where a file lies in none."""
    parts = path.split("/")[:-1]
    return "/".join(parts[: parts.index(name) + 1]) if name in parts else ""


def _grep(git: Git, folder: str, words: Sequence[bytes], *where: str) -> list[str]:
    patterns = [part for word in words for part in ("-e", os.fsdecode(word))]
    # Threads wait for one another to read objects: three take two thirds of the time of one, and eight all of it.
    options = ("--no-color", "-l", "-z", "-F", "--full-name", "--threads=3")
    found = git.run("grep", *options, *patterns, *where, "--", f":(literal,top){folder}")
    if found.returncode not in (0, 1):
        raise GitError(f"git grep: {found.said}")
    return [os.fsdecode(path) for path in found.stdout.split(b"\0")[:-1]]
