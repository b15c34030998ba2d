"""The export formats there are, by id."""

from __future__ import annotations

import functools

from sotctl import registry
from sotctl.export import formats as package
from sotctl.export.target import ExportFormat


@functools.cache
def formats() -> dict[str, ExportFormat]:
    """Every format there is a file for."""
    return {form.id: form for form in registry.load(package, "FORMAT")}
