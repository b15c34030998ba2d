"""Finds where a record states its status: under a heading, after a label, in a table, in its header, in a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from sotctl.issues.importing import words
from sotctl.issues.importing.header import Header
from sotctl.issues.importing.markup import BOLD, PLAIN, Line, Node, cells_of, comments_of, lines_of, text_of
from sotctl.issues.importing.status import is_empty, is_successor_label, understand

_NUMBERING = re.compile(r"^\W*(?:\d+(?:\.\d+)*[.)]?\s+|[IVX]+[.)]\s+)?\W*")
_SPLIT = re.compile(r"\s*[:：=]\s*|\s+[-–—|]\s+")
_RECORD = re.compile(r"\W*(?:madr|adr|ad|dr|decision|décision|decisión|decisão|besluit)s?[-_ #]*\d+", re.IGNORECASE)
_NEXT_LABEL = re.compile(r"\s*(?:[|·•;,(]|\s[-–—]|\s{2,})\s*[^\W\d_][\w ()/-]{0,30}?\s*[:：]\s")
_LABEL = re.compile(r"[^\W\d_][\w /()-]{0,40}[:：]")
_ANY_LABEL = re.compile("|".join(sorted(map(re.escape, {words.bare(label) for label in words.LABELS}), key=len)))
_LONGEST_LABEL, _LONGEST_LINE = 80, 2000
_SEPARATOR = re.compile(r"[|·•;,(]\s*|\s{2,}|\s[-–—]\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The lines that state a status, and where they begin: a line of the file (header) or a byte of the body."""

    lines: tuple[Line, ...]
    line: int = 0
    start: int = 0


def is_label(text: str) -> bool:
    """Whether a text is a label for the status, numbering, emphasis and a colon apart."""
    if len(text) > _LONGEST_LABEL:
        return False
    stripped = _NUMBERING.sub("", text).strip(" \t:：*_#.​")
    return words.normal(stripped) in words.LABELS or words.bare(stripped) in words.LABELS


def split_label(line: Line) -> Line | None:
    """The text after a status label on a line; "" if it follows on the next line, None without a label."""
    line = line.cut(0, _LONGEST_LINE)
    if not _ANY_LABEL.search(words.bare(line.text)):
        return None
    for start in _label_starts(line):
        rest = line.cut(start)
        if is_label(rest.text):
            return line.cut(len(line.text))
        for match in _SPLIT.finditer(rest.text[:_LONGEST_LABEL]):
            if is_label(rest.text[: match.start()]):
                return _to_next_label(rest.cut(match.end()))
        bold = len(rest.marks) - len(rest.marks.lstrip(BOLD))
        if bold and is_label(rest.text[:bold]):
            return _to_next_label(rest.cut(bold))
    return None


def _label_starts(line: Line) -> Iterator[int]:
    """The beginning of a line, of what follows a separator, and of what is bold."""
    yield 0
    for match in _SEPARATOR.finditer(line.text):
        yield match.end()
    yield from _bold_starts(line)


def _bold_starts(line: Line) -> list[int]:
    return [at for at in range(1, len(line.marks)) if line.marks[at] == BOLD and line.marks[at - 1] != BOLD]


def _to_next_label(value: Line) -> Line:
    label = _NEXT_LABEL.search(value.text)
    ends = [label.start()] if label else []
    ends += [at for at in _bold_starts(value) if _LABEL.match(value.text, at)]
    return value.cut(0, min(ends)) if ends else value


def header_places(header: Header) -> list[Place]:
    """The status keys of a header, and the key that names a successor."""
    found: list[Place] = []
    for key, value in header.values.items():
        text = value if is_label(key) else f"superseded by {value}" if is_successor_label(key) else ""
        if text and not is_empty(value):
            found.append(Place(lines=(Line.plain(text, 0),), line=header.line_of(key)))
    return found


def main_places(nodes: Sequence[Node], title: Node | None) -> list[Place]:
    """The status headings of a body, at the level of its sections, and the labels above its first section."""
    headings = [node for node in nodes if node.kind == "Heading" and node is not title]
    top = min((node.level for node in headings), default=0)
    found: list[Place] = []
    preamble = list(nodes)
    for number, node in enumerate(nodes):
        if node.kind != "Heading" or node is title:
            continue
        value = _heading_value(node)
        if value is None:
            preamble = preamble[:number] if len(preamble) == len(nodes) else preamble
        elif node.level == top:
            found += _under_heading(nodes, number, value)
    covered = [place.start for place in found]
    return [*found, *(place for place in _labelled(preamble) if place.start not in covered)]


def records_within(nodes: Sequence[Node]) -> list[Node]:
    """The headings of several records in one text: each names a record, and a status stands below it."""
    starts = [at for at, node in enumerate(nodes) if node.kind == "Heading" and _RECORD.match(text_of(node))]
    return [
        nodes[start]
        for start, end in pairwise([*starts, len(nodes)])
        if main_places(nodes[start:end], nodes[start]) or other_places(nodes[start + 1 : end])
    ]


def other_places(nodes: Sequence[Node]) -> list[Place]:
    """Labels anywhere in the body, and in comments: they count where nothing else says a status."""
    for number, node in enumerate(nodes):
        if node.kind == "Heading" and (value := _heading_value(node)) is not None:
            return _under_heading(nodes, number, value)
    if found := _labelled(nodes):
        return found
    values = [value for line in comments_of(list(nodes)) if (value := split_label(line)) and value.text.strip()]
    return [Place(lines=(value,), start=value.start) for value in values]


def _heading_value(node: Node) -> Line | None:
    lines = lines_of(node)
    text = " ".join(line.text for line in lines)
    return split_label(
        Line(text=text, marks="".join(line.marks + PLAIN for line in lines)[: len(text)], start=node.start)
    )


def _under_heading(nodes: Sequence[Node], number: int, value: Line) -> list[Place]:
    if value.text.strip():
        return [Place(lines=(value,), start=nodes[number].start)]
    below = list(takewhile(lambda node: node.kind != "Heading", nodes[number + 1 :]))
    if labelled := [place for place in _labelled(below) if "".join(line.text for line in place.lines).strip()]:
        return labelled
    lines = [line for node in below for line in lines_of(node)]
    following = nodes[number + 1 + len(below) :]
    if not lines and following and following[0].level > nodes[number].level:
        lines = lines_of(following[0]) if understand(lines_of(following[0])).status else []
    return [Place(lines=tuple(lines), start=nodes[number].start)] if lines else []


def _labelled(nodes: Sequence[Node]) -> list[Place]:
    found: list[Place] = []
    for number, node in enumerate(nodes):
        if node.kind in ("Heading", "CodeBlock"):
            continue
        if node.kind == "Table":
            found += _in_table(node)
            continue
        after = _first_lines(nodes[number + 1 : number + 2])
        for part in node.children if node.kind == "List" else [node]:
            found += _in_lines(lines_of(part), after)
    return found


def _in_lines(lines: list[Line], after: list[Line]) -> list[Place]:
    """The labelled statuses in the lines of a paragraph or item; *after* is what follows it."""
    found: list[Place] = []
    for at, line in enumerate(lines):
        value = split_label(line)
        if value is not None and value.text.strip():
            rest = takewhile(lambda other: split_label(other) is None, lines[at + 1 :])
            found.append(Place(lines=(value, *rest), start=line.start))
        elif value is not None and (following := lines[at + 1 : at + 2] or after):
            found.append(Place(lines=tuple(following), start=line.start))
        elif value is None and _names_successor(line.text):
            found.append(Place(lines=(line,), start=line.start))
    return found


def _names_successor(text: str) -> bool:
    label, colon, value = text[:_LONGEST_LINE].replace("：", ":").partition(":")
    return bool(colon) and is_successor_label(label) and not is_empty(value)


def _first_lines(nodes: Sequence[Node]) -> list[Line]:
    return [line for node in nodes if node.kind != "Heading" for line in lines_of(node)]


def _in_table(table: Node) -> list[Place]:
    """A table with a status column, or with a row for the status."""
    head, *rows = [cells_of(row) for row in table.children]
    for row in (head, *rows):
        if len(row) > 1 and is_label(row[0].text) and (row is not head or (len(row) == 2 and _is_pairs(head, rows))):
            return [Place(lines=(row[1],), start=row[0].start)]
    for column, cell in enumerate(head):
        if is_label(cell.text) and rows:
            lines = [_dated(row, column) for row in rows if column < len(row)]
            return [Place(lines=tuple(lines), start=cell.start)]
    return []


def _is_pairs(head: list[Line], rows: list[list[Line]]) -> bool:
    """Whether the first row of two cells is one pair of label and value among others, and no row of column names."""
    return bool(understand([head[1]]).status) or not rows


def _dated(row: list[Line], column: int) -> Line:
    """A cell with the rest of its row behind it, where the date may stand."""
    cell = row[column]
    rest = " ".join(
        text for at, other in enumerate(row) if at != column for text in re.findall(r"\d{4}-\d\d-\d\d", other.text)
    )
    text = f"{cell.text} {rest}"
    return Line(text=text, marks=cell.marks + PLAIN * (len(rest) + 1), start=cell.start)
