"""The trees git has: a commit, the index, and the files on disk."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sotctl.documents.tree import Entry
from sotctl.repository.files import TEMPORARY
from sotctl.repository.git import Git, Objects


class WorkTree:
    """The files on disk below *top*; links are listed, never followed."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file, or None."""
        try:
            descriptor = os.open(self._top / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with open(descriptor, "rb") as file:
            return file.read() if stat.S_ISREG(os.fstat(descriptor).st_mode) else None

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order of path."""
        found = []
        for where, folders, names in os.walk(self._top / folder):
            linked = [name for name in folders if (Path(where) / name).is_symlink()]
            for name in [*names, *linked]:
                path = Path(where) / name
                if not name.endswith(TEMPORARY):
                    with contextlib.suppress(FileNotFoundError):  # another writer may just have renamed it
                        found.append(Entry(path.relative_to(self._top).as_posix(), _mode(path)))
            folders[:] = [name for name in folders if name != ".git" and name not in linked]
        yield from sorted(found)


def _mode(path: Path) -> str:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "120000"
    return "100755" if mode & stat.S_IXUSR else "100644"


class ObjectTree:
    """A commit's tree, or the index where *name* is "" (as in git's `:path`)."""

    def __init__(self, git: Git, objects: Objects, name: str) -> None:
        self.git, self.objects, self.name = git, objects, name

    def read(self, path: str) -> bytes | None:
        """The bytes of a blob, or None."""
        if "\n" in path:  # the batch protocol ends a name at a line end
            found = next((oid for entry, oid in self._listed(path) if entry.path == path), None)
            return self.objects.read(found) if found else None
        return self.objects.read(f"{self.name}:{path}")

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order of path."""
        yield from sorted(entry for entry, _ in self._listed(folder))

    def _listed(self, folder: str) -> Iterator[tuple[Entry, str]]:
        where = ["--", f":(literal,top){folder}"] if folder else []
        if self.name:
            listing = self.git.output(
                "ls-tree", "-r", "-z", "--full-tree", self.name, *(["--", folder] if folder else [])
            )
        else:
            listing = self.git.output("ls-files", "--stage", "-z", "--full-name", *where)
        for line in listing.split(b"\0")[:-1]:
            meta, _, path = line.partition(b"\t")
            words = meta.split()
            mode, oid = words[0], words[2 if self.name else 1]
            yield Entry(os.fsdecode(path), mode.decode()), oid.decode()
