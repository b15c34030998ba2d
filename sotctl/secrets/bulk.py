"""Searches large data block by block, first asking what a block could hold at all."""

from __future__ import annotations

import functools

from sotctl.secrets import hyper
from sotctl.secrets.catalogue import all_rules, index
from sotctl.secrets.names import WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sotctl.secrets.catalogue import Index
    from sotctl.secrets.hyper import Engine
    from sotctl.secrets.rule import SecretRule

    Hit = tuple[int, SecretRule]
    Spots = Mapping[int, list[int]]

WORTH_BYTES = 16 << 10
"""From this size on the asking pays for itself."""

BUILD_BYTES = 4 << 20
"""From this size of one blob on, building the database pays for itself within the scan."""

BLOCK_BYTES = 64 << 10
OVERLAP_BYTES = 12 << 10
"""Bytes that two blocks share, more than the longest secret but the largest private keys, so that none is cut in two."""

_engine: Engine | None = None


def prepare(cache: bytes = b"") -> bytes:
    """Make ready for many scans; return the bytes of the compiled database, to be given back as *cache* next time.

    Without hyperscan there is nothing to make ready, and the bytes are empty. A cache that is not of this version, these
    rules or this processor is rebuilt.
    """
    global _engine
    built = hyper.build(cache)
    if built is None:
        return b""
    _engine, cache = built
    return cache


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield *data* in overlapping blocks, with their places."""
    for start in range(0, max(1, len(data) - OVERLAP_BYTES), BLOCK_BYTES):
        yield start, data[start : start + BLOCK_BYTES + OVERLAP_BYTES]


def look(block: bytes) -> tuple[Iterator[Hit], Spots | None]:
    """Return the places of *block* where a rule could hold, and, where they are known, those where a view could pay."""
    if _engine is None:
        return (everywhere(block) if len(block) <= WORTH_BYTES else _hits(block, *_present(block))), None
    entries, spots = _engine.look(block)
    plain = [(keyword, (rule,)) for keyword, rule in entries if not rule.fold]
    folded = [(keyword, (rule,)) for keyword, rule in entries if rule.fold]
    return _chain(_hits(block, tuple(plain), tuple(folded)), _assignments(block, spots[hyper.CONTEXT])), spots


def everywhere(data: bytes) -> Iterator[Hit]:
    """Yield every place of *data* where a keyword stands, with its rule."""
    return _hits(data, index(fold=False), index(fold=True))


def _chain(first: Iterator[Hit], second: Iterator[Hit]) -> Iterator[Hit]:
    yield from first
    yield from second


def _hits(data: bytes, plain: Index, folded: Index) -> Iterator[Hit]:
    for keywords, text in ((plain, data), (folded, data.lower() if folded else b"")):
        for keyword, rules in keywords:
            position = text.find(keyword)
            while position >= 0:
                for rule in rules:
                    yield position, rule
                position = text.find(keyword, position + 1)


def _assignments(block: bytes, ends: list[int]) -> Iterator[Hit]:
    """Yield the telling words before the *ends* of likely assignments."""
    if not ends:
        return
    rule = next(rule for rule in all_rules() if rule.keywords == WORDS)
    done = 0
    lowered = block.lower()
    for end in ends:
        start = max(done, end - _ASSIGNMENT_BYTES)
        if end <= start:
            continue
        done = end
        for word in _WORDS:
            position = lowered.find(word, start, end)
            while position >= 0:
                yield position, rule
                position = lowered.find(word, position + 1, end)


_ASSIGNMENT_BYTES = 420
_WORDS = tuple(word.encode() for word in WORDS)


def _present(block: bytes) -> tuple[Index, Index]:
    """Return the keywords worth looking for in *block*."""
    dense, loose, folded = _keywords()
    words = b" ".join([word for word in block.translate(_SPLIT).split() if len(word) >= _SHORTEST_WORD])
    return (*loose, *(entry for entry in dense if entry[0] in words)), folded


@functools.cache
def _keywords() -> tuple[Index, Index, Index]:
    """The keywords that only count within a long word, the other plain ones, and those of any case."""
    dense, loose = [], []
    for keyword, rules in index(fold=False):
        within = all(rule.lead[1] for rule in rules) and keyword == keyword.translate(_SPLIT)
        (dense if within else loose).append((keyword, rules))
    return tuple(dense), tuple(loose), index(fold=True)


_SPLIT = bytes(32 if byte <= 32 or chr(byte) in "\"'`()<>{}[],;" else byte for byte in range(256))
_SHORTEST_WORD = 12
