"""Configuration and dot-files, each with one secret planted in it, and twins that hold a stand-in instead."""

from __future__ import annotations

import random

from benchmarks.secrets.planted.applications import APPLICATIONS
from benchmarks.secrets.planted.homes import HOMES
from benchmarks.secrets.planted.kind import Kind
from benchmarks.secrets.planted.servers import SERVERS

PLANTED: dict[str, Kind] = {**HOMES, **APPLICATIONS, **SERVERS}
"""All kinds of file; the key is the file's path, as some peers look at it."""

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
"""What templates and manuals put where a secret goes."""


def half(names: list[str], *, held_back: bool) -> list[str]:
    """Return every second of *names* in order: those the rules were improved on, or those held back from that."""
    return sorted(names)[held_back::2]


def planted_value(seed: int, index: int, name: str) -> str:
    """Return the value that stands in file *index* of the kind *name*; other kinds do not change it."""
    return PLANTED[name].make(random.Random(f"{seed}/{index}/{name}"))


def planted_files(seed: int, count: int = 5) -> dict[str, bytes]:
    """Return *count* files of every kind, by path."""
    return {f"{index}/{name}": kind.holding(planted_value(seed, index, name)).encode() for name, kind in PLANTED.items() for index in range(count)}


def planted_twins() -> dict[str, bytes]:
    """Return every kind of file with every stand-in, by path; every finding in them is a false alarm."""
    return {f"{index}/{name}": kind.holding(stand_in).encode() for name, kind in PLANTED.items() for index, stand_in in enumerate(STAND_INS)}
