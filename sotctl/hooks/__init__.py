"""Installs the hooks and runs them: one file for each git hook in `git/`. `__main__` runs them without click."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Hook:
    """A git hook: its name, and what it does with git's arguments; it returns the exit status.

    `places` names where it is installed: `clone`, `server` or both. `reads_updates`: git gives it lines on its standard
    input. Not a dataclass: importing `dataclasses` takes half the time that a hook may take.
    """

    __slots__ = ("id", "places", "reads_updates", "run")

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 - what `registry.load` looks for
        run: Callable[[list[str]], int],
        places: tuple[str, ...] = ("clone",),
        reads_updates: bool = False,
    ) -> None:
        self.id, self.run, self.places, self.reads_updates = id, run, places, reads_updates


def hooks(place: str = "clone") -> dict[str, Hook]:
    """Every hook there is a file for and that belongs into a `clone` or on a `server`, by name."""
    from sotctl import registry
    from sotctl.hooks import git as package

    return {hook.id: hook for hook in registry.load(package, "HOOK") if place in hook.places}
