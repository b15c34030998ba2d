"""The layouts of the screen; one file for each output format in `formats/`, with `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sotctl import registry
from sotctl.findings import Finding

Checked = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to print findings; `render` takes them, what was checked, and by which verb.

    What it gives ends with a line end.
    """

    id: str
    render: Callable[[Sequence[Finding], Checked, str], str]


def known_formats() -> dict[str, Format]:
    """Every format there is a file for, by name."""
    from sotctl.report import formats as package

    return {format_.id: format_ for format_ in registry.load(package, "FORMAT")}
