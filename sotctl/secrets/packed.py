"""Unpacks gzip, zip and zlib within bounds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sotctl.secrets.bounds import Bounds

MAX_UNPACKED_BYTES = 4 << 20
"""Most bytes unpacked from one stream, so that a decompression bomb stays cheap."""

_MAX_STREAMS = 32
_FORMATS = ((b"\x1f\x8b\x08", 31), (b"PK\x03\x04", -15), (b"x\x9c", 15), (b"x\xda", 15), (b"x\x01", 15))
"""How a stream begins, and zlib's `wbits` for it: gzip, zip, and zlib's own format, as in PDF and git objects."""


def unpacked(data: bytes, bounds: Bounds) -> Iterator[tuple[bytes, int, int]]:
    """Yield the unpacked content of the streams in *data*, each up to `MAX_UNPACKED_BYTES`, with its packed span."""
    for magic, window in _FORMATS:
        yield from _streams(data, magic, window, bounds)


def _zip_body(data: bytes, start: int) -> int:
    """Return where the deflated bytes of the zip member at *start* begin, or -1 if they are not deflated."""
    head = data[start : start + 30]
    if len(head) < 30 or head[8] != 8:
        return -1
    return start + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")


def _streams(data: bytes, magic: bytes, window: int, bounds: Bounds) -> Iterator[tuple[bytes, int, int]]:
    position = data.find(magic)
    for _ in range(_MAX_STREAMS):
        if position < 0:
            return
        start = _zip_body(data, position) if window < 0 else position
        if bounds.unpackable_bytes <= 0:
            bounds.unpacked_to = position if bounds.unpacked_to is None else min(position, bounds.unpacked_to)
            return
        text, used = _inflate(data, start, window) if start >= 0 else (b"", 0)
        bounds.count_unpacked(len(text))
        if text:
            yield text, position, start + used
        position = data.find(magic, max(position + 4, start + used))


def _inflate(data: bytes, start: int, window: int) -> tuple[bytes, int]:
    """Unpack the stream at *start*, as far as it is intact; return the text and how many packed bytes were read."""
    import zlib

    stream = zlib.decompressobj(window)
    texts: list[bytes] = []
    size, position = 0, start
    while position < len(data) and size < MAX_UNPACKED_BYTES and not stream.eof:
        try:
            text = stream.decompress(data[position : position + 16384], MAX_UNPACKED_BYTES - size)
        except zlib.error:
            break
        texts.append(text)
        size += len(text)
        position += 16384
    return b"".join(texts), min(position, len(data)) - start
