"""Finds the plugins of a package: one file each, without a list to register in."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Any


def module_names(package: ModuleType) -> list[str]:
    """The names of the modules and packages directly inside *package*, sorted; those with a leading `_` are private.

    Read from the folder: `pkgutil` does the same, and costs a hook 17 ms to import.
    """
    entries = [entry for folder in package.__path__ for entry in os.listdir(folder)]  # noqa: PTH208 pathlib costs 10 ms
    names = {entry.removesuffix(".py") for entry in entries if entry.endswith(".py") or "." not in entry}
    return sorted(name for name in names if not name.startswith("_"))


def modules(package: ModuleType) -> dict[str, ModuleType]:
    """Import what is directly inside *package*, by name, sorted.

    Without `importlib`, which a hook would have to import for this alone.
    """
    return {name: __import__(f"{package.__name__}.{name}", fromlist=("",)) for name in module_names(package)}


def load(package: ModuleType, attribute: str) -> Iterator[Any]:
    """Yield *attribute* of every module of *package* that has it, in order of file name.

    Raises:
        ImportError: The `id` of what a module offers is not the module's file name (`-` for `_`): it could not be
            found by the name it reports.
    """
    for name, module in modules(package).items():
        offered = getattr(module, attribute, None)
        if offered is None:
            continue
        if getattr(offered, "id", name).replace("-", "_") != name:
            raise ImportError(f"{package.__name__}.{name} offers {offered.id!r}; the file name must be its id")
        yield offered
