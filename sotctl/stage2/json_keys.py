"""Keys that stand twice in a JSON object: one reader takes the first, another the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

Hook = Callable[[list[tuple[str, Any]]], dict[str, Any]]


class DuplicateKeyError(Exception):
    """A key stands twice in one object."""


def unique_keys(names: Collection[str] = ()) -> Hook:
    """A hook for objects that refuses a key which stands twice: any key, or one of *names* where they are given.

    The hook raises `DuplicateKeyError`.
    """

    def hook(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) != len(pairs):
            twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
            if not names or not set(twice).isdisjoint(names):
                raise DuplicateKeyError(twice[0])
        return values

    return hook
