"""Decodes the encoded parts of a text into views.

A view joins many decoded pieces into one text, and knows their places in the original. Each decoder begins with a fast
test, in C, that rules out ordinary text.
"""

from __future__ import annotations

import binascii
import bisect
import itertools

from sotctl.secrets import hyper
from sotctl.secrets.escapes import loosened, unquoted
from sotctl.secrets.packed import unpacked
from sotctl.secrets.rule import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sotctl.secrets.bounds import Bounds
    from sotctl.secrets.hyper import Spots

    Pieces = Iterator[tuple[bytes, int, int]]

MAX_VIEW_BYTES = 8 << 20
"""Most bytes in one view; the rest is left out."""


class View:
    """Decoded pieces, joined by blank lines, with the spans they came from.

    A `glued` view may join lines that do not belong together, so loose rules do not apply to it.
    """

    __slots__ = ("_offsets", "_spans", "glued", "text")

    def __init__(self, pieces: Pieces, *, glued: bool = False) -> None:
        self.glued = glued
        texts: list[bytes] = []
        self._offsets: list[int] = []
        self._spans: list[tuple[int, int]] = []
        size = 0
        for text, start, stop in pieces:
            if size + len(text) > MAX_VIEW_BYTES:
                text = text[: MAX_VIEW_BYTES - size]
            texts.append(text)
            self._offsets.append(size)
            self._spans.append((start, stop))
            size += len(text) + 2
            if size >= MAX_VIEW_BYTES:
                break
        self.text = b"\n\n".join(texts)

    def source(self, start: int, stop: int) -> tuple[int, int]:
        """Return the span in the original of the pieces that contain `start:stop` of the view's text."""
        first = max(0, bisect.bisect_right(self._offsets, start) - 1)
        last = max(first, bisect.bisect_left(self._offsets, stop) - 1)
        return self._spans[first][0], self._spans[last][1]


def views(data: bytes, spots: Spots | None, bounds: Bounds) -> Iterator[View]:
    """Yield the decoded views of *data*.

    Args:
        spots: By kind, where the encoded places end, if an engine found them; if None, each decoder searches itself.
        bounds: Limits how much is unpacked.
    """
    if spots is None:
        yield from _said(loosened(data, None))
        yield from _said(joined(data), glued=True)
        yield from _said(encoded(data, None))
        yield from _said(unquoted(data, None), glued=True)
    else:
        if places := spots.get(hyper.ESCAPES):
            yield from _said(loosened(data, places))
        if places := spots.get(hyper.JOINED):
            yield from _said(_joined_near(data, places), glued=True)
        if places := spots.get(hyper.ENCODED):
            yield from _said(encoded(data, places))
        if places := spots.get(hyper.QUOTED):
            yield from _said(unquoted(data, places), glued=True)
    if b"\0" in data:
        yield from _said(wide(data))
    if spots is None or hyper.PACKED in spots:
        yield from _said(unpacked(data, bounds))


def _said(pieces: Pieces, *, glued: bool = False) -> Iterator[View]:
    for first in pieces:  # mostly there are none
        view = View(itertools.chain([first], pieces), glued=glued)
        if view.text.strip():
            yield view


_ENCODED = bytes(byte if (chr(byte).isalnum() and byte < 128) or chr(byte) in "+/-_" else 32 for byte in range(256))
_ENCODED_BYTES = bytes(byte for byte in range(256) if _ENCODED[byte] != 32)
_WORD_ON = lazy(rb"[A-Za-z0-9+/_\-]*")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_HEX = b"0123456789abcdefABCDEF"


def encoded(data: bytes, ends: list[int] | None) -> Pieces:
    """Decode the words of *data* that are base64, base64url or hexadecimal and hold readable text or gzip."""
    for word, start in _long_words(data) if ends is None else _words_around(data, ends):
        if (word.islower() or word.isupper()) and word.strip(_HEX):
            continue
        text = _decoded(word)
        if text:
            yield text, start, start + len(word)


def _long_words(data: bytes) -> Iterator[tuple[bytes, int]]:
    position = 0
    for word in data.translate(_ENCODED).split():
        if len(word) >= 24:
            start = data.find(word, position)
            position = start + len(word)
            yield word, start


def _words_around(data: bytes, places: list[int]) -> Iterator[tuple[bytes, int]]:
    """Yield the long words that end at, or extend past, one of *places*."""
    done = 0
    for place in places:
        if place <= done:
            continue
        match = _WORD_ON().match(data, place)
        done = match.end() if match else place
        reach = 64
        while True:
            head = data[max(0, place - reach) : done]
            word = head[len(head.rstrip(_ENCODED_BYTES)) :]
            if len(word) < len(head) or reach > place:
                break
            reach *= 4
        if len(word) >= 24:
            yield word, done - len(word)


def _decoded(word: bytes) -> bytes:
    if len(word) % 2 == 0 and not word.strip(_HEX):
        text = binascii.unhexlify(word)
        return text if _is_readable(text) else b""
    for part in (
        word,
        *((max(word.split(b"/"), key=len),) if b"/" in word else ()),
        *((word[1:],) if word[:1] in b"/-_" else ()),
    ):
        standard = part.translate(_TO_STANDARD)
        text = binascii.a2b_base64(
            standard[: len(standard) - len(standard) % 4 if len(standard) % 4 == 1 else None] + b"=="
        )
        if len(text) >= 12 and _is_readable(text):
            return text
    return b""


_READABLE = bytes(range(32, 127)) + b"\t\r\n"


def _is_readable(text: bytes) -> bool:
    """Whether *text* begins like readable text or gzip. One in 10 million digests does by chance."""
    head = text[:48]
    return (
        not head.translate(None, _READABLE)
        or head.startswith(b"\x1f\x8b\x08")
        or (b"\0" in head and not head.translate(None, _READABLE + b"\0\xff\xfe"))
    )


_JOINABLE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=.:~%"
_MARGIN = b" \t\r>`|\\"
_CLOSING = b"\"',;)}]"


_FEWEST_TO_JOIN = 10
"""Fewest bytes of the first piece of a broken word. Shorter line ends are mostly ordinary words."""


def _last_word(line: bytes) -> bytes:
    return line[line.rfind(b" ") + 1 :]


def joined(data: bytes) -> Pieces:
    """Join words that line breaks cut: the last word of a line, and the lines of a single word after it.

    A closing quote, bracket or comma ends the word. The engine searches for the same places (`hyper.JOINED`).
    """
    start = stop = position = 0
    pieces: list[bytes] = []
    for line in data.split(b"\n"):
        word = line.strip(_MARGIN)
        core = word.rstrip(_MARGIN + _CLOSING)
        goes_on = bool(pieces) and len(core) >= 4 and not core.strip(_JOINABLE)
        if goes_on:
            pieces.append(core)
            stop = position + len(line)
        if len(pieces) > 1 and (not goes_on or core != word):
            yield b"".join(pieces), start, stop
        if not goes_on or core != word:
            last = _last_word(word)
            pieces = [last] if len(last) >= _FEWEST_TO_JOIN and not last[-4:].strip(_JOINABLE) else []
            start = position + line.rfind(last)
        position += len(line) + 1
    if len(pieces) > 1:
        yield b"".join(pieces), start, stop


def _joined_near(data: bytes, ends: list[int]) -> Pieces:
    """Like `joined`, but only around the sorted *ends* of lines of a single word."""
    start = stop = -1
    for end in ends:
        border = data.rfind(b"\n", 0, end - 1)
        if border < 0:  # the first line has none above it; the engine matched text of another block
            continue
        if stop <= border:  # the line above is not part of the current word
            if b" " in data[max(0, border - _FEWEST_TO_JOIN) : border] and data[border - 1] not in _MARGIN:
                continue  # the last word above is too short, as most are
            if not _may_begin(data, border):
                continue
            if stop >= 0:
                yield from _joined_within(data, start, stop)
            start = data.rfind(b"\n", 0, border) + 1
        stop = end
    if stop >= 0:
        yield from _joined_within(data, start, stop)


def _may_begin(data: bytes, border: int) -> bool:
    """Whether the line that ends at *border* ends in a long enough word."""
    line = data[data.rfind(b"\n", 0, border) + 1 : border].rstrip(_MARGIN)
    return len(_last_word(line)) >= _FEWEST_TO_JOIN and not line[-4:].strip(_JOINABLE)


def _joined_within(data: bytes, start: int, stop: int) -> Pieces:
    yield from ((text, start + first, start + last) for text, first, last in joined(data[start:stop]))


_WIDE = lazy(
    rb"""((?:[\x20-\x7e\r\n\t]\x00\x00\x00){12,})|((?:\x00\x00\x00[\x20-\x7e\r\n\t]){12,})
    |((?:[\x20-\x7e\r\n\t]\x00){12,})|((?:\x00[\x20-\x7e\r\n\t]){12,})"""
)
_PLACES = {1: slice(0, None, 4), 2: slice(3, None, 4), 3: slice(0, None, 2), 4: slice(1, None, 2)}
"""Where the readable bytes stand, by group of `_WIDE`."""
_KINDS = bytes(48 if byte == 0 else 116 if byte in _READABLE else 46 for byte in range(256))
"""Maps zero bytes to `0`, readable ones to `t`, and the rest to a point."""


def wide(data: bytes) -> Pieces:
    """Decode the runs of ASCII text in UTF-16 or UTF-32, of either byte order, in *data*."""
    kinds = data.translate(_KINDS)
    if not any(run in kinds for run in (b"t0" * 11, b"t000" * 11)):  # programs and images are full of zeros
        return
    for match in _WIDE().finditer(data):
        assert match.lastindex is not None
        yield match[0][_PLACES[match.lastindex]], match.start(), match.end()
