"""The files that are shipped with sotctl: `templates/`."""

from __future__ import annotations

import functools
import os

from sotctl.errors import SotError


@functools.cache
def directory() -> str:
    """Where the shipped templates lie: inside an installed wheel, or beside the package in a checkout.

    Without `pathlib`, whose import would be too slow for the gate.
    """
    here = os.path.dirname(os.path.realpath(__file__))
    for candidate in (os.path.join(here, "templates"), os.path.join(os.path.dirname(here), "templates")):
        if os.path.isfile(os.path.join(candidate, "sot-document.schema.json")):
            return candidate
    raise SotError("the shipped templates are missing", hint="reinstall sotctl")


@functools.cache
def read(name: str) -> bytes:
    """The bytes of one shipped template.

    Raises:
        KeyError: No template of that name is shipped.
    """
    try:
        with open(os.path.join(directory(), name), "rb") as file:
            return file.read()
    except OSError as error:
        raise KeyError(name) from error


@functools.cache
def names() -> tuple[str, ...]:
    """The names of the shipped templates, sorted."""
    return tuple(sorted(entry.name for entry in os.scandir(directory()) if entry.is_file()))
