"""Keeps the links of several texts apart that become one document.

A link such as `[text][1]` leads where the first definition of its label in the document says, and a footnote `[^1]` to
the first of that name. So a link whose label another text defines too is written out, `[text](target)`; brackets that
another text would make a link are escaped; and a footnote name that is used before gets a prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyromark

_REFERENCES = ("Reference", "Collapsed", "Shortcut")
_FOOTNOTE = re.compile(rb"\[\^([^\]\s]+)\]")
_FOOTNOTE_TEXT = re.compile(rb"^ {0,3}\[\^[^\]\s]+\]:", re.MULTILINE)
_Edit = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    start: int
    end: int
    kind: str
    target: str
    title: str


def kept_apart(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by name, each with its own links and footnotes when all are read as one document; names are prefixes."""
    apart = _footnotes_apart({name: text.encode() for name, text in texts.items()})
    together = _links(b"".join(apart.values()))
    link = next(together, None)
    found: dict[str, str] = {}
    start = 0
    for name, source in apart.items():
        there: dict[int, _Link] = {}
        while link is not None and link.start < start + len(source):
            there[link.start - start] = link
            link = next(together, None)
        found[name] = _edited(source, _link_edits(source, there)).decode()
        start += len(source)
    return found


def _link_edits(source: bytes, there: Mapping[int, _Link]) -> list[_Edit]:
    """The edits that keep the links of a text as they are on its own; *there* are those it has in the document."""
    own = {link.start: link for link in _links(source)}
    edits: list[_Edit] = []
    for at, link in own.items():
        other = there.get(at)
        if other is None or (other.target, other.title) != (link.target, link.title):
            edits.append((link.start, link.end, _inline(source[link.start : link.end], link)))
    for at in there.keys() - own.keys():
        bracket = source.index(b"[", at)
        edits.append((bracket, bracket, b"\\"))
    return edits


def _inline(written: bytes, link: _Link) -> bytes:
    """A reference link as an inline link to the same target."""
    text = written if link.kind == "Shortcut" else written[: written.rindex(b"[")]
    title = ' "' + link.title.replace("\n", " ").replace('"', '\\"') + '"' if link.title else ""
    target = link.target.replace("<", "%3C").replace(">", "%3E")
    return text + f"(<{target}>{title})".encode()


def _links(source: bytes) -> Iterator[_Link]:
    for event, span in pyromark.events_with_range(source.decode()):
        tag: Any = event.get("Start") if isinstance(event, dict) else None
        link = (tag.get("Link") or tag.get("Image")) if isinstance(tag, dict) else None
        if link and link["link_type"] in _REFERENCES:
            yield _Link(
                start=span["start"],
                end=span["end"],
                kind=link["link_type"],
                target=link["dest_url"],
                title=link["title"],
            )


def _footnotes_apart(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    used: set[bytes] = set()
    found: dict[str, bytes] = {}
    for name, source in sources.items():
        edits: list[_Edit] = []
        if _FOOTNOTE_TEXT.search(source):
            code = _code(source)
            matches = [m for m in _FOOTNOTE.finditer(source) if not any(a <= m.start() < b for a, b in code)]
            edits = [(match.start(1), match.start(1), f"{name}-".encode()) for match in matches if match[1] in used]
            used |= {match[1] for match in matches}
        found[name] = _edited(source, edits)
    return found


def _code(source: bytes) -> list[tuple[int, int]]:
    """The spans of code, blocks and inline."""
    found: list[tuple[int, int]] = []
    for event, span in pyromark.events_with_range(source.decode()):
        if isinstance(event, dict) and ("Code" in event or "CodeBlock" in str(event.get("Start", ""))):
            found.append((span["start"], span["end"]))
    return found


def _edited(source: bytes, edits: Sequence[_Edit]) -> bytes:
    """A text with its edits made; one that lies inside of another is left out."""
    result, position = bytearray(), 0
    for start, end, new in sorted(edits):
        if start >= position:
            result += source[position:start] + new
            position = end
    return bytes(result + source[position:])
