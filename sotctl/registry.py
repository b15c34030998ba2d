"""Finds what a package offers: one file, one thing, no list to join."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from types import ModuleType
from typing import Any


def module_names(package: ModuleType) -> list[str]:
    """The names of the modules and packages directly inside *package*, sorted; those with a leading `_` are private.

    Without `pkgutil`, which brings `inspect` with it: the gate cannot afford either.
    """
    entries = [entry for folder in package.__path__ for entry in os.scandir(folder)]
    names = [entry.name.removesuffix(".py") for entry in entries if entry.name.endswith(".py") or entry.is_dir()]
    return sorted({name for name in names if not name.startswith((".", "_"))})


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
