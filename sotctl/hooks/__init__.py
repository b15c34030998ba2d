"""One file for each git hook, with `HOOK`; `__main__` is the fast way in, without click and GitPython."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sotctl import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A git hook: its name, and what it does with git's arguments; it returns the exit status."""

    id: str
    run: Callable[[list[str]], int]


def hooks() -> dict[str, Hook]:
    """Every hook there is a file for, by name."""
    from sotctl import hooks as package

    return {hook.id: hook for hook in registry.load(package, "HOOK")}
