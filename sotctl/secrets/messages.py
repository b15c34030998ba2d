"""Decodes the message of a commit or a tag from the encoding that its header names, as git does to show it."""

from __future__ import annotations

import bisect
import itertools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sotctl.secrets.rule import SecretRule

    Span = tuple[int, int, SecretRule, bool]

_ENCODING = b"\nencoding "
_OTHERS = ("cp037", "utf-7", "iso2022_jp_2", "hz")
"""Encodings to try if Python does not know the name: in these, ASCII text has other bytes."""


def readings(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the decoded message of *data*, a commit or a tag, as UTF-8, and the offset at which it begins."""
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


def spans_of(text: bytes, spans: Iterable[Span], data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield for each of *spans* in the decoded *text* the offset and length of the same lines in *data*.

    Args:
        start: The offset of the message in *data*.
    """
    read = _line_starts(text)
    lines = [start + place for place in _line_starts(data[start:])]
    for span in spans:
        first, last = bisect.bisect_right(read, span[0]) - 1, bisect.bisect_right(read, span[1]) - 1
        begin = lines[first] if first < len(lines) else len(data)
        stop = lines[last + 1] - 1 if last + 1 < len(lines) else len(data)
        yield min(begin, len(data) - 1), max(1, min(stop - begin, len(data) - begin))


def _line_starts(text: bytes) -> list[int]:
    return [0, *itertools.accumulate(len(line) + 1 for line in text.split(b"\n")[:-1])]
