"""The title of a record, as written, without the number that becomes its id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sotctl.issues.importing import names, words
from sotctl.issues.importing.header import Header
from sotctl.issues.importing.markup import Node, lines_of, text_of
from sotctl.issues.importing.names import Numbered
from sotctl.issues.importing.places import is_label

_KIND = r"(?:adr|madr|ad|dr|dec|decision|rfc|record|architecture decision record|architectural decision record)"
_PREFIX = re.compile(
    rf"\[?(?:(?P<kind>{_KIND})s?[-_ .#:]*)?(?P<number>\d[\d-]*?)\]?(?P<end>\s*[.:)–—|-]+\s+|\s*:\s*|\s+|$)",
    re.IGNORECASE,
)
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title and where it was found: `node` is its heading or paragraph, `note` describes a fallback."""

    text: str
    number: int | None = None
    node: Node | None = None
    note: str = ""


def find_title(nodes: Sequence[Node], source: bytes, header: Header, path: str) -> Title:
    """The first heading that is not a section's; else the header's title, the first line, or the file's name."""
    number = names.number_of(path)
    heading = _title_heading(nodes)
    if heading is not None and (heading.level == 1 or not header.values.get("title", "").strip()):
        if named := _named(heading, nodes):
            return Title(text=named, node=None)
        if written := inline_source(heading, source):
            text, own = without_number(written, number)
            return Title(text=text, number=own, node=heading)
    key = next((key for key in header.values if words.normal(key) in words.TITLES and header.values[key].strip()), "")
    if key:
        text, own = without_number(" ".join(header.values[key].split()), number)
        return Title(text=text, number=own)
    if (first := _first_line(nodes, source)) is not None:
        text, own = without_number(first[0], number)
        return Title(text=text, number=own, node=first[1], note="it has no heading; its first line is the title")
    return Title(text=names.title_from(path), note="it has no title; its file name is the title")


def without_number(written: str, number: Numbered | None) -> tuple[str, int | None]:
    """A title without the number in front of it, and that number.

    It is taken off only where it is the number of the file (*number*), or where the file has none and it is written as
    the number of a record: `7. `, `ADR-7: `.
    """
    match = _PREFIX.match(written)
    if match is None or not written[match.end() :].strip():
        return written, None
    own = int(match["number"].replace("-", ""))
    separated = not match["end"].isspace()
    padded = match["number"].startswith("0") and len(match["number"]) > 1
    if number is None:
        strong = bool(match["kind"]) or written.startswith("[") or (separated and match["end"].strip() in {".", ":"})
        return (written[match.end() :].strip(), own) if strong or padded else (written, None)
    if own != number.number or not (separated or padded or match["kind"] or number.is_date):
        return written, None
    return written[match.end() :].strip(), own


def inline_source(node: Node, source: bytes) -> str:
    """The inline text of a heading as written, on one line."""
    if not node.children:
        return ""
    if len(node.children) == 1 and node.children[0].kind in ("Strong", "Emphasis"):
        return inline_source(node.children[0], source)
    parts: list[str] = []
    start = node.children[0].start
    for child in node.children:
        if child.kind in ("SoftBreak", "HardBreak"):
            parts.append(source[start : child.start].decode())
            start = child.end
    parts.append(source[start : node.children[-1].end].decode())
    return " ".join(" ".join(parts).split())


def _title_heading(nodes: Sequence[Node]) -> Node | None:
    """The first heading that is not a section's, or a section's where it is the one heading of the first level."""
    headings = [node for node in nodes if node.kind == "Heading" and text_of(node)]
    highest = [node for node in headings if node.level == 1]
    if headings and not _is_section(headings[0]):
        return headings[0]
    named = [node for node in highest if not _is_section(node)]
    if named and headings[0].level > 1:
        return named[0]
    is_alone = len(highest) == 1 and headings[0] is highest[0] and len(headings) > 1
    return highest[0] if is_alone and not is_label(text_of(highest[0])) else None


def _is_section(node: Node) -> bool:
    text = re.sub(r"^\W*(?:\d+(?:\.\d+)*[.)]?\s+)?", "", text_of(node)).strip(" :*_")
    label = re.split(r"\s*[:：]\s", text)[0]
    return is_label(label) or words.normal(text) in words.SECTIONS or words.bare(text) in words.SECTIONS


def _named(heading: Node, nodes: Sequence[Node]) -> str:
    """The title below a heading that only says `Title`."""
    if words.normal(text_of(heading).strip(" :")) not in words.TITLES:
        return ""
    place = list(nodes).index(heading)
    return text_of(nodes[place + 1]) if nodes[place + 1 : place + 2] and nodes[place + 1].kind == "Paragraph" else ""


def _first_line(nodes: Sequence[Node], source: bytes) -> tuple[str, Node] | None:
    """The first paragraph, where it is one short line that is neither a label nor a sentence."""
    first = next((node for node in nodes if node.kind not in ("HtmlBlock", "Rule")), None)
    if first is None or first.kind != "Paragraph" or len(lines := lines_of(first)) != 1:
        return None
    text = lines[0].text.strip()
    if len(text) > _MOST or text.endswith((".", "!", "?", ":", "。")) or re.search(r"[:：](?:\s|$)", text):
        return None
    written = source[first.start : first.end].decode().strip()
    return (written.strip("*_ ") if written[0] in "*_" else written.lstrip("# ")), first
