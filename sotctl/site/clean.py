"""The tree of a commit with every secret in it masked, so that nothing read from it can put one on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sotctl.documents.tree import Entry, Tree, holding
from sotctl.secrets import scan_all
from sotctl.secrets.withheld import WITHHELD, masked
from sotctl.store.timeline import Event


class CleanTree:
    """The files of the store, held in memory with their secrets masked; what lies outside is read from *base*."""

    def __init__(self, base: Tree, held: Mapping[str, bytes], entries: Sequence[Entry]) -> None:
        self._base, self._held, self._entries = base, held, entries
        self._modes = {entry.path: entry.mode for entry in entries}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None."""
        return self._held[path] if path in self._modes else self._base.read(path)

    def mode(self, path: str) -> str | None:
        """The mode of a file, or None."""
        return self._modes[path] if path in self._modes else self._base.mode(path)

    def entries(self, folder: str) -> Iterator[Entry]:
        """The files of the store below *folder*, in order."""
        prefix = f"{folder}/" if folder else ""
        yield from (entry for entry in self._entries if entry.path.startswith(prefix))

    def holding(self, folder: str, words: Sequence[bytes]) -> Iterator[str]:
        """The files below *folder* that hold one of *words*."""
        yield from holding(self, folder, words)

    likely = holding


def cleaned(base: Tree, files: Sequence[tuple[Entry, bytes]]) -> tuple[CleanTree, tuple[str, ...]]:
    """*base* with the secrets in *files*, all that its store holds, masked, and the paths of those that held one."""
    held = {entry.path: data for entry, data in files}
    found = scan_all((data, path) for path, data in held.items())
    spans = {path: secrets for path, secrets in zip(list(held), found, strict=True) if secrets}
    for path, secrets in spans.items():
        held[path] = masked(held[path], secrets)
    return CleanTree(base, held, [entry for entry, _ in files]), tuple(spans)


def clean_events(events: Sequence[Event]) -> tuple[Event, ...]:
    """*events* with secrets withheld: a history may hold one that its last commit does not."""
    texts = ("\n".join((one.subject, one.what, one.why, one.author, one.path)) for one in events)
    found = scan_all((text.encode("utf-8", "surrogateescape"), "") for text in texts)
    return tuple(
        replace(event, subject=WITHHELD, what=WITHHELD, why="", author="", path="") if secrets else event
        for event, secrets in zip(events, found, strict=True)
    )
