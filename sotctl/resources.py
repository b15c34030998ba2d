"""The files that are shipped with sotctl: `templates/`."""

from __future__ import annotations

import functools
from pathlib import Path

from sotctl.errors import SotError


@functools.cache
def directory() -> Path:
    """Where the shipped templates lie: inside an installed wheel, or beside the package in a checkout."""
    here = Path(__file__).resolve().parent
    for candidate in (here / "templates", here.parent / "templates"):
        if (candidate / "sot-document.schema.json").is_file():
            return candidate
    raise SotError("the shipped templates are missing", hint="reinstall sotctl")


@functools.cache
def read(name: str) -> bytes:
    """The bytes of one shipped template.

    Raises:
        KeyError: No template of that name is shipped.
    """
    try:
        return (directory() / name).read_bytes()
    except OSError as error:
        raise KeyError(name) from error


@functools.cache
def names() -> tuple[str, ...]:
    """The names of the shipped templates, sorted."""
    return tuple(sorted(path.name for path in directory().iterdir() if path.is_file()))
