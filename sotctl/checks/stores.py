"""The stores of a repository: the one at the top, those that it names, and what configures each."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

from sotctl.documents import layout
from sotctl.documents.policy import Policy, parse_policy
from sotctl.findings import RejectedError
from sotctl.git.diff import DiffEntry
from sotctl.git.trees import CommitTree, IndexTree, WorkTree

GitTree = CommitTree | IndexTree | WorkTree


class Stores:
    """The stores of one tree."""

    def __init__(self, tree: GitTree, listings: Listings | None = None) -> None:
        self.tree, self._listings = tree, listings or Listings()
        self.policy = functools.cache(self._policy)

    @functools.cached_property
    def top(self) -> str | None:
        """The store at the top; None where there are several and none names all others, "" where there is none."""
        if self.tree.has_folder(layout.STORE):
            return layout.STORE
        found = self._listings.of(self.tree)
        return layout.top_store(found, lambda store: self._own(store).also) if found else ""

    @property
    def named(self) -> tuple[str, ...]:
        """The store at the top, and the others that it names."""
        return (self.top, *self._own(self.top).also) if self.top else ()

    def _policy(self, folder: str) -> Policy:
        """The configuration of a store, with that of the store at the top as its floor; of "", that one itself."""
        if not folder or not self.top or folder == self.top:
            return self._own(folder or self.top or layout.STORE)
        return self._own(folder, floor=self._own(self.top))

    def _own(self, folder: str, floor: Policy | None = None) -> Policy:
        """A configuration that cannot be read counts as the defaults, and is itself a finding."""
        path = f"{folder}/{layout.CONFIGURATION}"
        try:
            return parse_policy(path, self.tree.read(path), floor=floor)
        except RejectedError:
            return parse_policy(path, None, floor=floor)


class Listings:
    """The stores of commits; each is listed once, and a commit that touches none has those of its parent."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, tree: GitTree) -> Collection[str]:
        """The stores of a tree, in order."""
        if not isinstance(tree, CommitTree):
            return sorted(tree.folders(layout.STORE))
        if tree.name not in self._known:
            self._known[tree.name] = tuple(sorted(tree.folders(layout.STORE)))
        return self._known[tree.name]

    def follow(self, commit: str, parents: Sequence[str], entries: Sequence[DiffEntry]) -> None:
        """Take the stores of the parent for those of a commit that changes none."""
        if len(parents) == 1 and parents[0] in self._known and not any(layout.store_of(raw.path) for raw in entries):
            self._known[commit] = self._known[parents[0]]
