"""Finds what a package offers: one file, one thing, no list to join."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any


def module_names(package: ModuleType) -> list[str]:
    """The names of the modules and packages directly inside *package*, sorted; those with a leading `_` are private."""
    return sorted(info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_"))


def load(package: ModuleType, attribute: str) -> Iterator[Any]:
    """Yield *attribute* of every module of *package* that has it, in order of file name.

    Raises:
        ImportError: The `id` of what a module offers is not the module's file name (`-` for `_`): it could not be
            found by the name it reports.
    """
    for name in module_names(package):
        offered = getattr(importlib.import_module(f"{package.__name__}.{name}"), attribute, None)
        if offered is None:
            continue
        if getattr(offered, "id", name).replace("-", "_") != name:
            raise ImportError(f"{package.__name__}.{name} offers {offered.id!r}; the file name must be its id")
        yield offered
