"""Searches large data: block by block, and first asking which keywords a block holds at all."""

from __future__ import annotations

import functools

from sotctl.secrets.catalogue import index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sotctl.secrets.catalogue import Index
    from sotctl.secrets.rule import SecretRule

    Span = tuple[int, int, SecretRule]
    SearchBlock = Callable[[bytes, Index, Index], list[Span]]

WORTH_BYTES = 16 << 10
"""From this size on the asking pays for itself."""

BLOCK_BYTES = 64 << 10
OVERLAP_BYTES = 12 << 10
"""Bytes that two blocks share, more than the longest secret but a private key, so that none is cut in two."""


def search(data: bytes, search_block: SearchBlock) -> list[Span]:
    """Return the spans of *data* that `search_block` finds in its blocks."""
    found: list[Span] = []
    for start in range(0, max(1, len(data) - OVERLAP_BYTES), BLOCK_BYTES):
        block = data[start : start + BLOCK_BYTES + OVERLAP_BYTES]
        spans = search_block(block, *_present(block))
        found += [(first + start, last + start, rule) for first, last, rule in spans]
    return found


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
