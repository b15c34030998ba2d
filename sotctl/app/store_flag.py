"""`--store`, before and after the verb. Help imports this, so it imports nothing of the store."""

from __future__ import annotations

import os
from typing import Any

import click


def _remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        os.environ["SOTCTL_STORE"] = value


SETTINGS: dict[str, Any] = {
    "metavar": "PATH",
    "expose_value": False,
    "callback": _remember,
    "help": "The store, or the directory that holds .sot/ (default: found upwards).",
}
