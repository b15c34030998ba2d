"""Searches for all keywords at once with hyperscan, if it is installed.

Hyperscan finds, in many blocks at once, the keywords and the places where decoding could help; the rules then decide
as usual, so the results are the same with and without it. Without it the standard library does the work, more slowly.
"""

from __future__ import annotations

import binascii

from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.escapes import TRIGGER
from sotctl.secrets.rule import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from sotctl.secrets.rule import SecretRule

    Hit = tuple[int, SecretRule]
    Spots = dict[int, list[int]]
    Known = tuple[SecretRule, int]
    Match = tuple[int, int]
    """Where an expression's match ends, and the expression's id."""

ESCAPES, ENCODED, QUOTED, PACKED, JOINED = range(5)
"""Kinds of places where decoding could help, and the ids of their expressions; the keywords' ids follow."""

_WORD = r"[A-Za-z0-9+/_\-]"
# The base64 of readable bytes, by position in a group of four; bits that all readable bytes share limit the letters.
_FIRST, _SECOND, _THIRD = "[CDI-Za-f]", "[AC-HQS-Xgi-nwy-z0-3]", "[ABEFIJMNQRUVYZcdghklopstwx014589]"
_LOW, _NEXT = "[AC-H]", "[AEIMQUYcgkosw048]"  # the same for readable bytes between zero bytes
_BASE64 = (
    rf"(?:{_FIRST}[AQgw][AB]{_WORD}A{_LOW}{_NEXT}A){{2}}",  # UTF-16
    rf"{_FIRST}[AQgw]AAA{_LOW}{_NEXT}AAA",  # UTF-32
    rf"H4sI{_WORD}{{12}}",  # gzip
)
_HEX_BYTE = "(?:[2-7][0-9A-Fa-f]|0[9AaDd])"
_HEX = (
    rf"{_HEX_BYTE}{{12}}",
    rf"(?:{_HEX_BYTE}00){{5}}",
    rf"(?:{_HEX_BYTE}000000){{2}}",
    r"1[Ff]8[Bb]08[0-9A-Fa-f]{12}",
)
_JOINABLE, _MARGIN = r"[A-Za-z0-9_\-+/=.:~%]", r"[ \t\r>`|\\]"  # the same sets as in `views.joined`
_WORDS = (
    # A word that begins like the base64 of readable bytes, with or without zero bytes between them.
    rf"(?:^|[^A-Za-z0-9+])(?:[A{_FIRST[1:]}{_SECOND}{_THIRD}{_WORD}){{3}}"
    # A line of one word below a line that ends in a word.
    rf"|{_JOINABLE}{{2}}{_MARGIN}*\n{_MARGIN}*{_JOINABLE}{{4}}{_JOINABLE}*(?:{_MARGIN}|[\"',;)}}\]])*\n"
)
"""Long words, in a separate database: alone this expression is one small automaton, while among all the others it would
cost twice as much. A match that ends in a line break is of the second kind."""
_SPECIAL = (
    TRIGGER.decode("latin-1").replace("\\#", "#").replace("(?:25){0,2}", ""),
    "|".join((*_BASE64, *_HEX)),
    r"(?:^|[^=])=(?:3D|\r?\n)",
    r"\x1f\x8b\x08|PK\x03\x04|x[\x9c\xda\x01]",
)

_NEWLINE = ord("\n")
_TOGETHER_BYTES = 1024
_NEAR_BYTES = 320
"""How far before the end of a match of a rule's `near` its keyword may be, besides the rule's `reach`."""


class Engine:
    """The compiled databases, and the rule and length for each keyword id of the first."""

    __slots__ = ("_database", "_known", "_words")

    def __init__(self, database: Any, words: Any, known: tuple[Known, ...]) -> None:
        self._database, self._words, self._known = database, words, known

    def look(self, blocks: Sequence[bytes]) -> Iterator[tuple[int, list[Hit], Spots]]:
        """Yield for each of *blocks* with a candidate or a zero byte its number, its hits and its spots to decode.

        The blocks are scanned as one text, joined by line breaks, since each scan costs as much as a kilobyte of text.
        A match across two blocks is spurious: it is yielded for the second, and its offset can be negative.
        """
        text = b"\n".join((*blocks, b""))
        found: list[Match] = []

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((end, number))

        self._database.scan(text, match_event_handler=on_match)
        self._words.scan(text, match_event_handler=on_match)
        found.sort()
        silent = {number for number, block in enumerate(blocks) if b"\0" in block} if b"\0" in text else set()
        for number, first, matches in _by_block(found, blocks):
            silent.discard(number)
            yield number, *self._hits_and_spots(blocks[number], first, matches, text)
        for number in silent:
            yield number, [], {}

    def _hits_and_spots(self, block: bytes, first: int, matches: list[Match], text: bytes) -> tuple[list[Hit], Spots]:
        hits: list[Hit] = []
        near: dict[SecretRule, list[int]] = {}
        spots: list[list[int]] = [[] for _ in range(JOINED + 1)]
        size = len(block)
        for end, number in matches:
            if number > JOINED:
                rule, length = self._known[number - JOINED - 1]
                if length:
                    hits.append((end - length - first, rule))
                else:
                    near.setdefault(rule, []).append(end - first)
            elif number == JOINED:
                spots[JOINED if text[end - 1] == _NEWLINE else ENCODED].append(end - first)
            elif end - first <= size:
                spots[number].append(end - first)
        for rule, ends in near.items():
            hits += [(place, rule) for place in _before(block, ends, rule)]
        return hits, {kind: ends for kind, ends in enumerate(spots) if ends}


def _by_block(found: list[Match], blocks: Sequence[bytes]) -> Iterator[tuple[int, int, list[Match]]]:
    """Group the sorted matches by block: yield its number, its offset, and the matches that end in it."""
    number, first, stop = -1, 0, 0
    start = 0
    for place, (end, _) in enumerate(found):
        if end > stop:
            if place > start:
                yield number, first, found[start:place]
            while end > stop:
                number += 1
                first, stop = stop, stop + len(blocks[number]) + 1
            start = place
    if found:
        yield number, first, found[start:]


def _before(block: bytes, ends: list[int], rule: SecretRule) -> set[int]:
    """Return the offsets of the keywords of *rule* from which its `near` could have matched up to one of *ends*.

    The *ends* are sorted. Those close together are handled at once, because text full of keywords has many.
    """
    places: set[int] = set()
    literals = [keyword.encode("latin-1") for keyword in rule.keywords]
    for first, last in _together(ends):
        start = max(0, first - rule.reach - _NEAR_BYTES)
        text = block[start:last].lower() if rule.fold else block[start:last]
        for literal in literals:
            place = text.find(literal)
            while place >= 0:
                places.add(start + place)
                place = text.find(literal, place + 1)
    return places


def _together(ends: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each group of *ends* that are close together."""
    first = last = ends[0]
    for end in ends:
        if end - first > _TOGETHER_BYTES:
            yield first, last
            first = end
        last = end
    yield first, last


def version(source: bytes = b"") -> bytes:
    """Return the key of a cached database: hyperscan's version, and a checksum of what the database is compiled from.

    Args:
        source: A checksum of the rules' source; without it all expressions are written out and used, which is slower.
    """
    if not source:
        shapes = "\n".join(f"{rule.id}\t{rule.keywords}\t{rule.lead}\t{rule.near}" for rule in all_rules())
        source = (shapes + repr(_SPECIAL) + _WORDS).encode()
    return f"{_hyperscan().__version__}-{binascii.crc32(source):08x}\n".encode()


def ready(cache: bytes = b"", *, build: bool = True, source: bytes = b"") -> tuple[Engine, bytes] | None:
    """Return an engine and the bytes to cache, or None if hyperscan is not installed.

    Args:
        cache: The bytes an earlier call returned; anything else, or of another version, is ignored.
        build: Build the database if the cache does not serve; if False, the result is then None.
        source: See `version`.
    """
    try:
        hyperscan = _hyperscan()
    except ImportError:
        return None
    known = tuple(entry for rule in all_rules() for entry in _known(rule))
    key = version(source)
    databases = _loaded(cache[len(key) :]) if cache.startswith(key) else None
    if databases is None and not build:
        return None
    if databases is None:
        any_case = hyperscan.HS_FLAG_CASELESS
        special = [(text, 0, number) for number, text in enumerate(_SPECIAL)]
        sought = ((rule, text) for rule in all_rules() for text in _sought(rule))
        keywords = [
            (text, any_case if rule.fold else 0, number) for number, (rule, text) in enumerate(sought, JOINED + 1)
        ]
        databases = _compiled([*special, *keywords]), _compiled([(_WORDS, 0, JOINED)])
        first, words = map(hyperscan.dumpb, databases)
        cache = b"%b%d\n%b%b" % (key, len(first), first, words)
    return Engine(*databases, known), cache


def _compiled(sought: list[tuple[str, int, int]]) -> Any:
    database = _hyperscan().Database()
    texts, flags, numbers = zip(*sought, strict=True)
    expressions = [text.encode("latin-1") for text in texts]
    database.compile(expressions=expressions, ids=numbers, elements=len(numbers), flags=flags)
    return database


def _hyperscan() -> Any:
    """Return the optional module.

    Raises:
        ImportError: It is not installed.
    """
    return __import__("hyperscan")


def _loaded(serialised: bytes) -> tuple[Any, Any] | None:
    hyperscan = _hyperscan()
    size, _, both = serialised.partition(b"\n")
    loaded = []
    try:
        for part in (both[: int(size)], both[int(size) :]):
            database = hyperscan.loadb(part, hyperscan.HS_MODE_BLOCK)
            database.scratch = hyperscan.Scratch(database)
            loaded.append(database)
    except Exception:  # a cache from another machine, or truncated: hyperscan raises an error that it does not export
        return None
    return loaded[0], loaded[1]


def _sought(rule: SecretRule) -> list[str]:
    """Return the expressions that find the places where *rule* could match."""
    if rule.has_near:
        return [rule.near]
    alphabet, count = rule.lead
    return [escaped(keyword) + (f"[{alphabet}]{{{count}}}" if count else "") for keyword in rule.keywords]


def _known(rule: SecretRule) -> list[Known]:
    """Return for each expression of *rule* the length from the keyword's start to its end, or 0 if that varies."""
    if rule.has_near:
        return [(rule, 0)]
    return [(rule, len(keyword) + rule.lead[1]) for keyword in rule.keywords]
