"""Removes encodings within a token: escapes, entities, percent-encoding, Markdown, colours, invisible characters."""

from __future__ import annotations

import binascii

from sotctl.secrets.rule import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_TAG = rb"</?(?:b|i|em|strong|code|span|wbr|kbd|tt|mark)>"
_INVISIBLE = rb"(?:\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa4]|\xef\xbb\xbf|\xc2\xad|\xcd\x8f|\xe1\xa0\x8e)"
_MARK = lazy(
    rb"""\\u\{?00([0-7][0-9A-Fa-f])\}?            # \u002d
    |\\U000000([0-7][0-9A-Fa-f])
    |\\x([0-7][0-9A-Fa-f])
    |((?:%%(?!25)[0-7][0-9A-Fa-f]){2,1400})
    |%%(?:25){0,2}([0-7][0-9A-Fa-f])
    |&\#x0{0,4}([0-7][0-9A-Fa-f]);
    |&\#0{0,4}([0-9]{2,3});
    |&(amp|quot|apos|lt|gt|lowbar|hyphen|equals|colon|sol|period|num|dollar);
    |\\{1,8}([nrt])
    |\\{1,8}([\x21-\x2f\x3a-\x40\x5b\x5d-\x60\x7b-\x7e])   # \_ \" \/
    |\x1b\[[0-9;]{0,12}[A-Za-z]                   # colours
    |\x1b(?:[(-/]|\$[(-/]?)[0-9@-Z]|[\x0e\x0f]       # shifts of ISO 2022
    |%b|%b"""
    % (_INVISIBLE, _TAG),
)
_LAST_HEX = 6
"""The number of the last group of `_MARK` that holds hexadecimal digits."""
_NAMES = {
    b"amp": b"&", b"quot": b'"', b"apos": b"'", b"lt": b"<", b"gt": b">", b"lowbar": b"_", b"hyphen": b"-",
        b"equals": b"=",
    b"colon": b":", b"sol": b"/", b"period": b".", b"num": b"#", b"dollar": b"$",
}  # fmt: skip
_BLANKS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
TRIGGER = b"|".join(
    (
        rb"\\u\{?00[2-7]|\\U0000|\\x[2-7][0-9A-Fa-f]|%(?:25){0,2}[2-7][0-9A-Fa-f]",
        rb"&(?:\#[x0-9]|[a-z]{2,7};)|\\[-_./=+~:@]|\x1b[\[(-/$]|[\x0e\x0f]",
        rb"[!-~]%b|%b[!-~]" % (_INVISIBLE, _INVISIBLE),
        rb"\w%b\w" % _TAG,
        rb"%b[ \t]{0,4}[:=|]|(?:[:=|]|is)[ \t]{0,4}%b" % (_TAG, _TAG),  # before and after a separator
        rb"%b[^\s<>.()]{16}" % _TAG,
    )
)
"""The escapes within a word that make a line worth unescaping. Rules handle those before a word (`\\n`) themselves."""

_WORTH = lazy(TRIGGER)
_CHEAP = b"\\ % & \x1b \x0e \x0f </ <wbr> \xe2 \xef\xbb\xbf \xc2\xad \xcd\x8f \xe1\xa0\x8e".split()


def loosened(data: bytes, ends: list[int] | None) -> Iterator[tuple[bytes, int, int]]:
    """Yield the lines of *data* that hold escapes, unescaped, with their spans.

    Args:
        ends: Where the escapes end, if known.
    """
    if ends is None:
        ends = [match.end() for match in _WORTH().finditer(data)] if any(mark in data for mark in _CHEAP) else []
    done = 0
    for place in ends:
        if place <= done:
            continue
        start = max(data.rfind(b"\n", 0, place) + 1, place - _REACH, done)
        done = data.find(b"\n", place)
        if done < 0 or done > place + _REACH:
            done = min(len(data), place + _REACH)
        yield _MARK().sub(_plain, data[start:done]), start, done


def unquoted(data: bytes, ends: list[int] | None) -> Iterator[tuple[bytes, int, int]]:
    """Yield the quoted-printable lines of *data*, decoded and with soft line breaks removed, with their spans.

    Args:
        ends: Where the quoted-printable marks end, if known.
    """
    if ends is None:
        marks = (b"=3D", b"=\n", b"=\r\n")
        ends = sorted(end for mark in marks if mark in data for end in _ends(data, mark))
    stop = 0
    for place in (end - 1 for end in ends):
        if place < stop:
            continue
        start = max(data.rfind(b"\n", 0, place) + 1, place - _REACH, stop)
        stop = _line_end(data, place)
        while data[max(start, stop - 2) : stop].endswith((b"=", b"=\r")) and stop - start < _REACH and stop < len(data):
            stop = _line_end(data, stop + 1)
        yield binascii.a2b_qp(data[start:stop]), start, stop


def _ends(data: bytes, mark: bytes) -> Iterator[int]:
    place = data.find(mark)
    while place >= 0:
        if data[place - 1 : place] != b"=":  # after another `=`: padding, or the line under a title
            yield place + len(mark)
        place = data.find(mark, place + 1)


def _line_end(data: bytes, place: int) -> int:
    end = data.find(b"\n", place, place + _REACH)
    return end if end >= 0 else min(len(data), place + _REACH)


_REACH = 2048
"""Bytes of a long line, around an escape, that are unescaped."""


def _plain(match: re.Match[bytes]) -> bytes:
    kind = match.lastindex
    if kind is None:
        return b""
    text = match[kind]
    if kind <= _LAST_HEX:
        return binascii.unhexlify(text.replace(b"%", b""))
    if kind == _LAST_HEX + 1:
        return bytes((int(text),)) if int(text) < 128 else b""
    if kind == _LAST_HEX + 2:
        return _NAMES[text]
    return _BLANKS.get(text, text)
