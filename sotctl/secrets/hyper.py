"""Looks for all keywords at once with hyperscan, where it is installed.

Hyperscan answers, per block, which keywords stand in it and which views could pay; the rules then judge as they always
do, so that both engines find the same. It is optional: without it the standard library does the work, slower.
"""

from __future__ import annotations

import binascii
import importlib

from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.escapes import TRIGGER
from sotctl.secrets.names import WORDS
from sotctl.secrets.rule import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sotctl.secrets.rule import SecretRule

    Hit = tuple[int, SecretRule]
    Spots = dict[int, list[int]]
    Entry = tuple[bytes, tuple[SecretRule, ...]]
    Known = tuple[bytes, SecretRule, int]

ESCAPES, ENCODED, JOINED, CONTEXT, MIXED = range(5)
"""Ids of the expressions that are no keyword's; keywords follow."""

_NAMES = "|".join(escaped(word) for word in sorted(WORDS, key=len))
_SPECIAL = (
    TRIGGER.decode("latin-1").replace("\\#", "#").replace("(?:25){0,2}", ""),
    r"[A-Za-z0-9+/_\-]{24}(?:[^A-Za-z0-9+/_\-]|$)",
    r"[A-Za-z0-9_\-+/=.]{10}[`\\]?\r?\n[ \t>|]*[A-Za-z0-9_\-+/=.]{4}[A-Za-z0-9_\-+/=.]*[ \t\r`\\]*(?:\n|$)",
    rf"(?:{_NAMES})[^\n=:>|,( \t]*(?:[\s=:>|,(]|is |was |value|default|\{{[^{{}}]*=)+[!&*a-zA-Z \t]*[\\\"'`*]*[^\s"
        rf"\"'`<>,;(){{}}]*(?:[0-9!@#$%^&*+=?~])",
    rf"(?i:{_NAMES})[\w\-]*[\s=:>|,(\\\"'`*]{{1,12}}(?:[A-Za-z]*[a-z][A-Z][A-Za-z]*[a-z][A-Z]|[A-Za-z_\-]{{20}})",
)  # fmt: skip
_MIXED_BYTES = 160
"""Bytes before letters of mixed case within which the word that tells stands."""


class Engine:
    """A compiled database, and what its expressions stand for."""

    __slots__ = ("_database", "_entries")

    def __init__(self, database: Any, entries: tuple[Known, ...]) -> None:
        self._database, self._entries = database, entries

    def look(self, block: bytes) -> tuple[list[Hit], list[Entry], list[tuple[int, int]], Spots]:
        """Return where rules could hold in *block*, the keywords it holds somewhere, the spans
        of likely assignments, and where views could pay."""
        hits: list[Hit] = []
        entries: list[Entry] = []
        spots: Spots = {ESCAPES: [], ENCODED: [], JOINED: []}
        likely: dict[int, int] = {}
        known, first = self._entries, len(_SPECIAL)

        def on_match(number: int, start: int, end: int, _flags: int, _context: object) -> None:
            if number >= first:
                keyword, rule, length = known[number - first]
                if length:
                    hits.append((end - length, rule))
                else:
                    entries.append((keyword, (rule,)))
            elif number == CONTEXT:
                likely[start] = end
            elif number == MIXED:
                likely.setdefault(max(0, end - _MIXED_BYTES), end)
            else:
                spots[number].append(end)

        self._database.scan(block, match_event_handler=on_match)
        return hits, entries, sorted(likely.items()), spots


def version() -> bytes:
    """Return what a cached database is keyed by: hyperscan's version and the rules, as a checksum."""
    shapes = "\n".join(f"{rule.id}\t{rule.keywords}\t{rule.lead}\t{rule.near}" for rule in all_rules())
    return f"{_hyperscan().__version__}-{binascii.crc32((shapes + repr(_SPECIAL)).encode()):08x}\n".encode()


def ready(cache: bytes = b"", *, build: bool = True) -> tuple[Engine, bytes] | None:
    """Return an engine and the bytes to keep for next time, or None where hyperscan is not installed.

    Args:
        cache: What an earlier call returned; anything else, or of another version, is passed over.
        build: Build the database where the cache does not serve; without, the answer is then None.
    """
    try:
        hyperscan = _hyperscan()
    except ImportError:
        return None
    entries = tuple(
        (keyword.encode("latin-1"), rule, 0 if rule.near else len(keyword) + rule.lead[1])
        for rule in all_rules()
        for keyword in rule.keywords
        if rule.keywords != WORDS
    )
    key = version()
    database = _loaded(cache[len(key) :]) if cache.startswith(key) else None
    if database is None and not build:
        return None
    if database is None:
        database = hyperscan.Database()
        special = [expression.encode("latin-1") for expression in _SPECIAL]
        once = hyperscan.HS_FLAG_SINGLEMATCH
        any_case = hyperscan.HS_FLAG_CASELESS
        database.compile(
            expressions=special + [_expression(keyword, rule) for keyword, rule, _ in entries],
            ids=list(range(len(special) + len(entries))), elements=len(special) + len(entries),
            flags=[0, 0, 0, any_case | hyperscan.HS_FLAG_SOM_LEFTMOST, 0] + [(any_case if rule.fold else 0) | (once
                if rule.near else 0) for _, rule, _ in entries],
        )  # fmt: skip
        cache = key + hyperscan.dumpb(database)
    return Engine(database, entries), cache


def _hyperscan() -> Any:
    """Return the optional module.

    Raises:
        ImportError: It is not installed.
    """
    return importlib.import_module("hyperscan")


def _loaded(serialised: bytes) -> Any:
    hyperscan = _hyperscan()
    try:
        database = hyperscan.loadb(serialised, hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
    except Exception:  # a cache of another machine or cut short: hyperscan raises its own error, not exported
        return None
    return database


def _expression(keyword: bytes, rule: SecretRule) -> bytes:
    if rule.near:
        return rule.near.encode("latin-1")
    alphabet, count = rule.lead
    lead = f"[{alphabet}]{{{count}}}" if count else ""
    return (escaped(keyword.decode("latin-1")) + lead).encode("latin-1")
