"""Finds where rules could match in large data, block by block, with a quick test of which keywords a block holds."""

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

    Entry = tuple[bytes, list[SecretRule]]
    Hit = tuple[int, SecretRule]
    Block = tuple[int, int, bytes, int]
    """The number of the text, the block's offset in it, its bytes, and how many of them the previous block covers."""
    Seen = tuple[Block, Iterable[Hit], Spots | None]

WORTH_BYTES = 16 << 10
"""Blocks larger than this get the quick test; it costs more than it saves on smaller ones."""

BLOCK_BYTES = 256 << 10
"""Smaller texts are joined up to this size, larger ones are cut."""

OVERLAP_BYTES = 12 << 10
"""Bytes that two blocks share. Only the largest private keys are longer, so other secrets are whole in one block."""

BEFORE_BYTES = 256
"""Bytes at the start of a block that only give context, such as the whole name of a key. The previous block reports
the secrets in them."""

LOAD_BYTES, BUILD_BYTES = 24 << 10, 1 << 20
"""Bytes scanned without the engine after which loading it, or building it, is worth the time."""

_engine: Engine | None = None
_ready: Callable[[bool], object] | None = None
_unaided_bytes = 0


def on_demand(ready: Callable[[bool], object] | None) -> None:
    """Load the engine automatically once enough bytes have been scanned.

    Args:
        ready: Called to load the engine with `prepare`; its argument says whether to build the database if the cache
            does not serve. None: the engine is never loaded automatically.
    """
    global _ready, _unaided_bytes
    _ready, _unaided_bytes = ready, 0


def prepare(cache: bytes = b"", *, build: bool = True, source: bytes = b"") -> bytes:
    """Load the engine for many scans; return the compiled database, to be passed as *cache* next time.

    Args:
        build: Build the database (half a second) if *cache* does not serve.
        source: A checksum of the rules' source, which makes checking *cache* faster.

    Without hyperscan nothing is loaded, and the result is empty. A cache of another version, other rules or another
    processor is rebuilt.
    """
    global _engine
    built = hyper.ready(cache, build=build, source=source)
    if built is None:
        return b""
    _engine, cache = built
    return cache


def blocks(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield *data* in overlapping blocks: the offset, the bytes, and how many of them the previous block covers."""
    for start in range(0, max(1, len(data) - OVERLAP_BYTES), BLOCK_BYTES):
        first = max(0, start - BEFORE_BYTES)
        yield first, data[first : start + BLOCK_BYTES + OVERLAP_BYTES], start - first


def candidates(texts: Sequence[bytes], reached: Sequence[int]) -> Iterator[Seen]:
    """Yield the candidates in *texts*, block by block: where a rule could match, and where decoding could help.

    Args:
        reached: How far each text is searched; the caller may lower it, and what lies beyond is then left out.
    """
    for run in _runs(texts, reached):
        if _engine is None and _ready is not None:
            _demand(_ready, sum(len(block) for _, _, block, _ in run))
        if _engine is None:
            for place in run:
                block = place[2]
                yield place, everywhere(block) if len(block) <= WORTH_BYTES else _hits(block, *_present(block)), None
        else:
            for number, hits, spots in _engine.look([block for _, _, block, _ in run]):
                yield run[number], hits, spots


def _runs(texts: Sequence[bytes], reached: Sequence[int]) -> Iterator[list[Block]]:
    run: list[Block] = []
    held = 0
    for number, text in enumerate(texts):
        for start, block, before in blocks(text):
            if start > reached[number]:
                break
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
    """Yield the offset of every keyword in *data*, with its rule."""
    return _hits(data, _begun(data, fold=False), _begun(data.lower(), fold=True))


def _begun(text: bytes, *, fold: bool) -> Index:
    """Return the keywords whose first three bytes occur in a short *text*; few of the thousand keywords do."""
    by_start = _by_start(fold=fold)
    threes = {text[place : place + 3] for place in range(len(text))}
    return tuple(entry for start in by_start.keys() & (threes | {b""}) for entry in by_start[start])


@functools.cache
def _by_start(*, fold: bool) -> dict[bytes, list[Entry]]:
    """The keywords with their rules, by their first three bytes; the shorter ones by none."""
    table: dict[bytes, list[Entry]] = {}
    for entry in index(fold=fold):
        table.setdefault(entry[0][:3] if len(entry[0]) > 2 else b"", []).append(entry)
    return table


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
    """Return the keywords to look for in *block*; those that occur only in words only if a word has them."""
    dense, loose, named, folded = _keywords()
    long = b" ".join({word for word in block.translate(_SPLIT).split() if len(word) >= _SHORTEST_WORD})
    names = b" ".join(set(block.lower().translate(_NAMES).split()))
    return (
        (*loose, *(entry for entry in dense if entry[0] in long)),
        (*folded, *(entry for entry in named if entry[0] in names)),
    )


@functools.cache
def _keywords() -> tuple[Index, Index, Index, Index]:
    """The plain keywords of long words, other plain ones, the folded keywords of names, and other folded ones."""
    dense: list[Entry] = []
    loose: list[Entry] = []
    named: list[Entry] = []
    folded: list[Entry] = []
    for entry in index(fold=False):
        word = entry[0].translate(_SPLIT).replace(b" ", b"")  # a keyword with a blank is never within a word
        within = all(rule.lead[1] for rule in entry[1]) and entry[0] == word
        (dense if within else loose).append(entry)
    for entry in index(fold=True):
        (named if entry[0] == entry[0].translate(_NAMES).replace(b" ", b"") else folded).append(entry)
    return tuple(dense), tuple(loose), tuple(named), tuple(folded)


_SPLIT = bytes(32 if not 32 < byte < 127 or chr(byte) in "\"'`()<>{}[],;" else byte for byte in range(256))
_NAMES = bytes(byte if (byte < 128 and chr(byte).isalnum()) or chr(byte) in "_-" else 32 for byte in range(256))
_SHORTEST_WORD = 12
