"""Rules about any file of a commit, inside a store or not: one module each, found by being here.

A module offers `may_break(paths, contents)`, which is all that the fast path of a hook runs, and `check(file, fix,
baseline)`, which yields the findings. So a rule added here runs on every commit. Slow imports belong into `check`.
`contents()` reads the files in turn, each in chunks.
"""

from __future__ import annotations

from types import ModuleType

from sotctl import registry


def file_rules() -> list[ModuleType]:
    """The modules of this package, in order of name."""
    from sotctl.checks import anywhere

    return list(registry.modules(anywhere).values())
