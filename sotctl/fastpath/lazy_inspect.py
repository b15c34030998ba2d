"""Puts off the import of what `dataclasses` begins with and seldom uses: `inspect` and `copy`.

They cost the gate a tenth of its time. `importlib.util.LazyLoader` does not do: on Python 3.11 the second `import` of a
lazy module looks at its `__spec__`, and so loads it.
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
    """Let `import inspect` and `import copy` cost nothing until something of them is used."""
    for name in _NAMES:
        sys.modules.setdefault(name, _Later(name))
