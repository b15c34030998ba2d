"""Reads the message of a commit or a tag in the encoding that its header names, as git shows it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_ENCODING = b"\nencoding "
_OTHERS = ("cp037", "utf-7", "iso2022_jp_2", "hz")
"""What is tried where the name is one that Python does not know: families in which ASCII looks otherwise."""


def readings(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield what the message of *data*, a commit or a tag, says in its own encoding, in UTF-8, and where it begins."""
    if not data.startswith((b"tree ", b"object ")):
        return
    head, gap, message = data.partition(b"\n\n")
    if not gap or _ENCODING not in head:
        return
    name = head.partition(_ENCODING)[2].partition(b"\n")[0].strip().decode("ascii", "replace").lower()
    if name in ("utf-8", "utf8"):
        return
    for codec in (name, *_OTHERS):
        try:
            text = message.decode(codec, "replace").encode("utf-8", "replace")
        except (LookupError, ValueError):
            continue
        if text != message:
            yield text, len(head) + len(gap)
        if codec == name:
            return


def span_of(text: bytes, span: tuple[int, int], data: bytes, start: int) -> tuple[int, int]:
    """Return the lines of *data*, whose message begins at *start*, in which *span* of its reading *text* stands."""
    first = text.count(b"\n", 0, span[0])
    last = first + text.count(b"\n", *span)
    lines = data[start:].split(b"\n")
    begin = start + sum(len(line) + 1 for line in lines[:first])
    length = sum(len(line) + 1 for line in lines[first : last + 1]) - 1
    return min(begin, len(data) - 1), max(1, min(length, len(data) - begin))
