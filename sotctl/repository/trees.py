"""The trees git has: a commit, the index, and the files on disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
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
        yield from sorted(self._walk(folder))

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*, found by `git grep`, tracked or not."""
        git = Git(self._top)
        patterns = [part for word in words for part in ("-e", os.fsdecode(word))]
        options = ("-l", "-z", "-F", "--full-name", "--untracked", "--no-exclude-standard")
        found = git.run("grep", *options, *patterns, "--", f":(literal,top){folder}")
        yield from (os.fsdecode(path) for path in found.stdout.split(b"\0")[:-1])

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

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*, found by `git grep`."""
        patterns = [part for word in words for part in ("-e", os.fsdecode(word))]
        where = [self.name] if self.name else ["--cached"]
        found = self.git.run(
            "grep", "-l", "-z", "-F", "--full-name", *patterns, *where, "--", f":(literal,top){folder}"
        )
        for path in found.stdout.split(b"\0")[:-1]:
            yield os.fsdecode(path.removeprefix(f"{self.name}:".encode()) if self.name else path)

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
