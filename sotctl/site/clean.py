"""The tree of a commit with every secret in it masked, so that nothing read from it can put one on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sotctl.documents.tree import DictTree, Entry, Tree
from sotctl.secrets import scan_all

WITHHELD = "(withheld)"


def cleaned(tree: Tree, folder: str) -> tuple[Tree, tuple[str, ...]]:
    """The files of *tree* below *folder* in memory, secrets masked, and the paths of those that held one."""
    entries = [entry for entry in tree.entries(folder) if entry.mode.startswith("100")]
    files = {entry.path: data for entry in entries if (data := tree.read(entry.path)) is not None}
    paths = list(files)
    masked = []
    for path, secrets in zip(paths, scan_all((files[path], path) for path in paths), strict=True):
        if secrets:
            masked.append(path)
            data = files[path]
            for secret in sorted(secrets, key=lambda one: one.start, reverse=True):
                data = data[: secret.start] + WITHHELD.encode() + data[secret.start + secret.length :]
            files[path] = data
    return _Listed(files, entries), tuple(masked)


class _Listed(DictTree):
    """A tree in memory that lists its files in the order of the tree it was read from."""

    def __init__(self, files: dict[str, bytes], entries: Sequence[Entry]) -> None:
        super().__init__(files, {entry.path: entry.mode for entry in entries})
        self._listing = [entry for entry in entries if entry.path in files]

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files below *folder*, in order."""
        prefix = f"{folder}/" if folder else ""
        yield from (entry for entry in self._listing if entry.path.startswith(prefix))
