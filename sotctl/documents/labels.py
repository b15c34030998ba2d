"""The labels of an issue's lists, `Acceptance:` and `Blocked by:`, however they are written."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from sotctl.documents.markdown import Line


class Kind(StrEnum):
    """Which list a label heads."""

    ACCEPTANCE = "Acceptance"
    BLOCKED = "Blocked by"


class Place(StrEnum):
    """Where a line stands: text without a mark is a label in some places only."""

    HEADING = "heading"
    CELL = "cell"
    FIRST = "first"
    """The first line of a paragraph."""
    LATER = "later"
    """A later line of a paragraph."""
    LISTED = "listed"
    """The first line of an item in a list that is being read."""


class Label(NamedTuple):
    """A label: its list, and where on its line the text behind it begins, -1 where there is none."""

    kind: Kind
    inline: int


_FORM = r"""
    ^(?:[\W_]|\d+(?:\.\d+)*[.)]?\s)*
    (?:(?:is|are|still|currently|now|also|issues?)\s+)*
    (?:
        (?P<by>block(?:ed)?[\s_-]*by\b(?!-\w))
      | (?P<other>block(?:ed)?[\s_-]*on\b | blocked(?=\W*:) | blockers?\b)
      | (?P<acceptance>acceptance(?:[\s_-]*(?:criteri(?:a|on)|tests?|conditions?|checks?|list))?\b)
    )
    [*_~`\])]*
    (?:\s*[(\[][^()\[\]]*[)\]][*_~`]*(?=\s*(?:[:：;=→⇒‐‑‒–—―−-]|$)))?
    (?P<separator>(?:\s*[:：;=→⇒]+|\s*[-=]>|\s+-{1,3}(?=\s|$)|\s*[‐‑‒–—―−]+)*)
    [*_~`]*\s*
"""
LABEL = re.compile(_FORM, re.IGNORECASE | re.VERBOSE)
_LIKELY = re.compile(r"block|accept|[^\x00-\x7f]", re.IGNORECASE)
_SUSPECT = re.compile(r"\bblock(?:ed|ers?|ing)\b|\bacceptance\b", re.IGNORECASE)
_SUSPECT_HEADING = re.compile(r"\bblock(?:ed\W+(?:by|on)|ers?)\W*$", re.IGNORECASE)
_LOOK_ALIKE = str.maketrans("аВвеоОрсСкКуЬԁіѕοΟΒκΚυεα", "aBbeoOpcCkKyBdisoOBkKuea")
_ENDS_SENTENCE = (".", ":", "!", "?", ";")
_MOST_WORDS = 12


def read_label(source: bytes, line: Line, place: Place, before: str = "") -> Label | None:
    """The label that a line of text is, or begins with; *before* is the line above it in the same paragraph."""
    if not _LIKELY.search(line.text):
        return None
    text = _plain(line.text)
    match = LABEL.match(text)
    if match is None:
        return None
    has_text, is_marked = any(map(str.isalnum, text[match.end() :])), bool(match["separator"])
    kind = Kind.ACCEPTANCE if match["acceptance"] else Kind.BLOCKED
    if not has_text:
        is_sentence_end = place is Place.LATER and text[:1].islower() and text.rstrip().endswith(".")
        return None if is_sentence_end and not is_marked else Label(kind, -1)
    if not is_marked:
        if place is Place.HEADING and match["other"]:
            return Label(kind, -1)
        if not match["by"] or place is Place.LISTED or not _stands_out(source, line, place, before):
            return None
    return Label(kind, _inline(source, line))


def is_suspect(line: Line, place: Place) -> bool:
    """Whether a line that is no label looks like one."""
    if not _LIKELY.search(line.text):
        return False
    text = _plain(line.text).strip(" *_~`")
    if place is Place.HEADING:
        return _SUSPECT_HEADING.search(text) is not None
    if (match := LABEL.match(text)) and not any(map(str.isalnum, text[match.end() :])):
        return True
    return text.endswith(":") and len(text.split()) <= _MOST_WORDS and _SUSPECT.search(text) is not None


def _plain(text: str) -> str:
    """A text as it looks: look-alike letters in one form, invisible characters removed."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKE)
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def _stands_out(source: bytes, line: Line, place: Place, before: str) -> bool:
    """Whether words without a colon or other mark are a label, and not the middle of a sentence."""
    if place is not Place.LATER:
        return True
    first = source[line.start : line.end].decode("utf-8")[:1]
    return not first.islower() and before.rstrip(" *_~`").endswith(_ENDS_SENTENCE)


def _inline(source: bytes, line: Line) -> int:
    """Where the text after a label begins; the start of the line if that is unclear."""
    raw = source[line.start : line.end].decode("utf-8")
    match = LABEL.match(raw)
    return line.start + (len(raw[: match.end()].encode()) if match else 0)
