"""Searches large data block by block, after a quick test of what a block can hold."""

from __future__ import annotations

import functools

from sotctl.secrets import hyper
from sotctl.secrets.catalogue import index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sotctl.secrets.catalogue import Index
    from sotctl.secrets.hyper import Engine, Spots
    from sotctl.secrets.rule import SecretRule

    Entry = tuple[bytes, tuple[SecretRule, ...]]
    Hit = tuple[int, SecretRule]
    Block = tuple[int, int, bytes, int]
    """The number of its text, its place there, itself, and how many of its bytes the block before answers for."""
    Seen = tuple[Block, Iterable[Hit], Spots | None]

WORTH_BYTES = 16 << 10
"""From this size on the quick test saves time."""

BLOCK_BYTES = 256 << 10
"""Smaller texts are joined up to this size, larger ones are cut."""

OVERLAP_BYTES = 12 << 10
"""Bytes that two blocks share: more than all but the largest private keys have, so that no secret is cut in two."""

BEFORE_BYTES = 256
"""Bytes that a block has before the place from which it is answered for: the name of a key may stand there, and half a
name says something else. The block before answers for them."""

LOAD_BYTES, BUILD_BYTES = 24 << 10, 1 << 20
"""After so many bytes without the engine, loading it, or building it, would have taken no longer than they did."""

_engine: Engine | None = None
_ready: Callable[[bool], object] | None = None
_unaided_bytes = 0


def on_demand(ready: Callable[[bool], object] | None) -> None:
    """Load the engine automatically once there is enough to scan.

    Args:
        ready: Calls `prepare` with what was kept; its argument says whether building anew would pay as well. None:
            the engine does not come by itself.
    """
    global _ready, _unaided_bytes
    _ready, _unaided_bytes = ready, 0


def prepare(cache: bytes = b"", *, build: bool = True, source: bytes = b"") -> bytes:
    """Make ready for many scans; return the bytes of the compiled database, to be given back as *cache* next time.

    Args:
        build: Build the database, in half a second, where *cache* does not serve.
        source: Something that changes with the source of the rules, which says sooner whether *cache* serves.

    Without hyperscan there is nothing to make ready, and the bytes are empty. A cache that is not of this version,
    these rules or this processor is rebuilt.
    """
    global _engine
    built = hyper.ready(cache, build=build, source=source)
    if built is None:
        return b""
    _engine, cache = built
    return cache


def blocks(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield *data* in overlapping blocks, with their places and the bytes of each that the one before answers for."""
    for start in range(0, max(1, len(data) - OVERLAP_BYTES), BLOCK_BYTES):
        first = max(0, start - BEFORE_BYTES)
        yield first, data[first : start + BLOCK_BYTES + OVERLAP_BYTES], start - first


def looked(texts: Sequence[bytes]) -> Iterator[Seen]:
    """Yield the candidates in *texts*, block by block: where a rule could match, and where a view could help."""
    for run in _runs(texts):
        if _engine is None and _ready is not None:
            _demand(_ready, sum(len(block) for _, _, block, _ in run))
        if _engine is None:
            for place in run:
                block = place[2]
                yield place, everywhere(block) if len(block) <= WORTH_BYTES else _hits(block, *_present(block)), None
        else:
            for number, hits, spots in _engine.look([block for _, _, block, _ in run]):
                yield run[number], hits, spots


def _runs(texts: Sequence[bytes]) -> Iterator[list[Block]]:
    run: list[Block] = []
    held = 0
    for number, text in enumerate(texts):
        for start, block, before in blocks(text):
            run.append((number, start, block, before))
            held += len(block)
            if held >= BLOCK_BYTES:
                yield run
                run, held = [], 0
    if run:
        yield run


def _demand(ready: Callable[[bool], object], size_bytes: int) -> None:
    global _unaided_bytes
    before, _unaided_bytes = _unaided_bytes, _unaided_bytes + size_bytes
    for enough, build in ((LOAD_BYTES, False), (BUILD_BYTES, True)):
        if _engine is None and before < enough <= _unaided_bytes:
            ready(build)


def everywhere(data: bytes) -> Iterator[Hit]:
    """Yield every place of *data* where a keyword stands, with its rule."""
    lowered = data.lower()
    return _hits(data, _begun(data, index(fold=False)), _begun(lowered, index(fold=True)))


def _begun(text: bytes, keywords: Index) -> Index:
    """Return the keywords whose first three bytes stand somewhere in a short *text*: few of a thousand do."""
    threes = {text[place : place + 3] for place in range(len(text))}
    return tuple(entry for entry in keywords if entry[0][:3] in threes or len(entry[0]) < 3)


def _hits(data: bytes, plain: Index, folded: Index) -> Iterator[Hit]:
    for keywords, text in ((plain, data), (folded, data.lower() if folded else b"")):
        for keyword, rules in keywords:
            position = text.find(keyword)
            while position >= 0:
                for rule in rules:
                    if rule.is_led(text, position + len(keyword)):
                        yield position, rule
                position = text.find(keyword, position + 1)


def _present(block: bytes) -> tuple[Index, Index]:
    """Return the keywords worth looking for in *block*: those of a long word, or of any word, that it holds."""
    dense, loose, named, folded = _keywords()
    long = b" ".join({word for word in block.translate(_SPLIT).split() if len(word) >= _SHORTEST_WORD})
    names = b" ".join(set(block.lower().translate(_NAMES).split()))
    return (
        (*loose, *(entry for entry in dense if entry[0] in long)),
        (*folded, *(entry for entry in named if entry[0] in names)),
    )


@functools.cache
def _keywords() -> tuple[Index, Index, Index, Index]:
    """The plain keywords that count only within a long word, the other plain ones, those of a name, and the rest."""
    dense: list[Entry] = []
    loose: list[Entry] = []
    named: list[Entry] = []
    folded: list[Entry] = []
    for entry in index(fold=False):
        word = entry[0].translate(_SPLIT).replace(b" ", b"")  # a keyword with a blank lies in no word
        within = all(rule.lead[1] for rule in entry[1]) and entry[0] == word
        (dense if within else loose).append(entry)
    for entry in index(fold=True):
        (named if entry[0] == entry[0].translate(_NAMES).replace(b" ", b"") else folded).append(entry)
    return tuple(dense), tuple(loose), tuple(named), tuple(folded)


_SPLIT = bytes(32 if not 32 < byte < 127 or chr(byte) in "\"'`()<>{}[],;" else byte for byte in range(256))
_NAMES = bytes(byte if (byte < 128 and chr(byte).isalnum()) or chr(byte) in "_-" else 32 for byte in range(256))
_SHORTEST_WORD = 12
