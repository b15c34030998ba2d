"""Puts off the import of `inspect`, with which `dataclasses` begins and which it seldom uses.

It costs the gate a tenth of its time. `importlib.util.LazyLoader` does not do: on Python 3.11 the second `import` of a
lazy module looks at its `__spec__`, and so loads it.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType


class _Later(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get("inspect") is self:
            del sys.modules["inspect"]
        return getattr(importlib.import_module("inspect"), name)


def install() -> None:
    """Let `import inspect` cost nothing until something of it is used."""
    sys.modules.setdefault("inspect", _Later("inspect"))
