"""Configuration and dot-files with one planted secret each, and twins of them with a placeholder instead."""

from __future__ import annotations

import random

from benchmarks.secrets.planted.applications import APPLICATIONS
from benchmarks.secrets.planted.homes import HOMES
from benchmarks.secrets.planted.kind import Kind
from benchmarks.secrets.planted.servers import SERVERS

PLANTED: dict[str, Kind] = {**HOMES, **APPLICATIONS, **SERVERS}
"""All kinds of file; the key is the file's path, which some peers take into account."""

STAND_INS = (
    "changeme",
    "${SHOP_SECRET}",
    "$SHOP_SECRET",
    "<your-secret-here>",
    "{{ vault_shop_secret }}",
    "xxxxxxxxxxxxxxxx",
    "********",
    "REPLACE_ME",
)
"""Placeholders for secrets in templates and manuals."""


def half(names: list[str], *, held_back: bool) -> list[str]:
    """Return every second of the sorted *names*: those used to improve the rules, or those held back."""
    return sorted(names)[held_back::2]


def planted_value(seed: int, index: int, name: str) -> str:
    """Return the value in file *index* of the kind *name*; it does not depend on other kinds."""
    return PLANTED[name].make(random.Random(f"{seed}/{index}/{name}"))


def planted_files(seed: int, count: int = 5) -> dict[str, bytes]:
    """Return *count* files of every kind, by path."""
    return {f"{index}/{name}": kind.holding(planted_value(seed, index, name)).encode() for name, kind in PLANTED.items() for index in range(count)}


def planted_twins() -> dict[str, bytes]:
    """Return every kind of file with every placeholder, by path; every finding in them is a false alarm."""
    return {f"{index}/{name}": kind.holding(stand_in).encode() for name, kind in PLANTED.items() for index, stand_in in enumerate(STAND_INS)}
