"""Delays the import of `inspect` and `copy`, which `dataclasses` imports and seldom uses.

They cost the gate a tenth of its time. `importlib.util.LazyLoader` does not help: on Python 3.11 a second `import` of a
lazy module reads its `__spec__`, which loads it.
"""

from __future__ import annotations

import sys
from types import ModuleType

_NAMES = ("inspect", "copy")


class _Later(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(__import__(self.__name__), name)


def install() -> None:
    """Make `import inspect` and `import copy` load the modules on first use."""
    for name in _NAMES:
        sys.modules.setdefault(name, _Later(name))
