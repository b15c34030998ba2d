"""A tree of files as the rules see it: paths and bytes, from any source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree; `mode` is git's: `100644`, `100755`, `120000` a link, `160000` a submodule."""

    path: str
    mode: str = "100644"


BY_PATH = attrgetter("path")


class Tree(Protocol):
    """Files by path, relative to the top of the repository, with `/`."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None where there is no such file."""

    def mode(self, path: str) -> str | None:
        """The mode of the file at a path, or None where there is none; it is looked up, not listed."""

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files at any depth below *folder* ("" for all), in order of path."""

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The paths of the files below *folder* that hold at least one of *words*, in order."""

    def likely(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """Some of the files of `holding`, found faster."""


def holding(tree: Tree, folder: str, words: Sequence[bytes]) -> Iterator[str]:
    """`Tree.holding` for a tree that has no faster way than to read every file."""
    for entry in tree.entries(folder):
        data = tree.read(entry.path) or b""
        if any(word in data for word in words):
            yield entry.path


class DictTree:
    """A tree held in memory."""

    def __init__(self, files: Mapping[str, bytes], modes: Mapping[str, str] | None = None) -> None:
        self._files, self._modes = dict(files), dict(modes or {})

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None."""
        return self._files.get(path)

    def mode(self, path: str) -> str | None:
        """The mode of a file, or None."""
        return self._modes.get(path, "100644") if path in self._files else None

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order."""
        prefix = f"{folder}/" if folder else ""
        for path in sorted(self._files):
            if path.startswith(prefix):
                yield Entry(path, self._modes.get(path, "100644"))

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*."""
        yield from holding(self, folder, words)

    likely = holding


class OverlayTree:
    """A tree with some files replaced or added, as after a plan."""

    def __init__(self, base: Tree, files: Mapping[str, bytes]) -> None:
        self._base, self._files = base, files

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None."""
        return self._files[path] if path in self._files else self._base.read(path)

    def mode(self, path: str) -> str | None:
        """The mode of a file, or None."""
        return self._base.mode(path) or ("100644" if path in self._files else None)

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order."""
        prefix = f"{folder}/" if folder else ""
        entries = {entry.path: entry for entry in self._base.entries(folder)}
        added = {path: Entry(path) for path in self._files if path.startswith(prefix) and path not in entries}
        yield from sorted((entries | added).values(), key=BY_PATH) if added else entries.values()

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*."""
        yield from sorted({*self._own(folder, words), *self._others(self._base.holding(folder, words))})

    def likely(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """Some of them, found faster."""
        yield from sorted({*self._own(folder, words), *self._others(self._base.likely(folder, words))})

    def _own(self, folder: str, words: Sequence[bytes]) -> list[str]:
        prefix = f"{folder}/" if folder else ""
        held = (path for path, data in self._files.items() if any(word in data for word in words))
        return [path for path in held if path.startswith(prefix)]

    def _others(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if path not in self._files]
