"""Tries known ways past the hooks on a throwaway clone, and reports which were refused.

An attempt was refused if no guarded ref has changed. The secret is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sotctl.git.repository import Git
from sotctl.git.updates import GUARDED, is_guarded, refs
from sotctl.hooks.attempts import ATTEMPTS
from sotctl.hooks.throwaway import Throwaway, throwaway_clone

_STOPPED = ("rebase", "am", "merge", "cherry-pick", "revert")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt, and whether the hooks refused it."""

    name: str
    holds: bool


def drill(git: Git, *, hooks: bool = True) -> Iterator[Attempt]:
    """Try every attempt on a clone of the repository of *git*, which is only read.

    Args:
        hooks: Without them every attempt must succeed; a test uses this to check the attempts.
    Raises:
        SotError: The clone could not be made.
    """
    with throwaway_clone(git, hooks=hooks) as clone:
        start = _guarded(clone.free)
        for name, attempt in ATTEMPTS.items():
            attempt(clone)
            yield Attempt(name=name, holds=_guarded(clone.free) == start)
            _restore(clone, start)


def _guarded(git: Git) -> dict[str, str]:
    return {name: oid for name, oid in refs(git).items() if is_guarded(name, GUARDED)}


def _restore(clone: Throwaway, start: dict[str, str]) -> None:
    for command in _STOPPED:
        clone.free.run(command, "--abort")
    clone.free.run("symbolic-ref", "HEAD", "refs/heads/drill")
    for name in _guarded(clone.free).keys() - start.keys():
        clone.free.run("update-ref", "-d", name)
    for name, oid in start.items():
        clone.free.run("update-ref", name, oid)
    clone.free.output("reset", "-q", "--hard")
    clone.free.output("clean", "-qfdx")
