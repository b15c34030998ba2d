"""The structure of a record's Markdown, by a CommonMark parser, down to the characters of a line.

Block structure, emphasis, links, tables and task boxes come from pyromark. Offsets are bytes of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pyromark

_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_TASKLISTS
_TEXTS = ("Text", "Code", "InlineMath", "DisplayMath")
_BREAKS = ("SoftBreak", "HardBreak")
_STRUCK_TAG = re.compile(r"<(/?)(?:s|del|strike)\b[^>]*>", re.IGNORECASE)
_DEEPEST = 50
_MOST_HTML = 20_000  # the reader of HTML takes the square of what is never closed
STRUCK, LINK, BOLD, PLAIN = "s", "l", "b", " "


@dataclass(slots=True, kw_only=True)
class Node:
    """A block or span; `value` is a heading's level (`h2`), a task's box, or the text of a leaf."""

    kind: str
    start: int
    end: int
    value: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def level(self) -> int:
        """The level of a heading."""
        return int(self.value[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it is read: its visible text, a mark for each character, and its place.

    `box` is the state of a task box in front of it, None without one.
    """

    text: str
    marks: str
    start: int
    box: bool | None = None

    @classmethod
    def plain(cls, text: str, start: int) -> Line:
        """A line without marks."""
        return cls(text=text, marks=PLAIN * len(text), start=start)

    def cut(self, start: int, end: int | None = None) -> Line:
        """A part of the line."""
        return Line(text=self.text[start:end], marks=self.marks[start:end], start=self.start, box=self.box)

    @property
    def unstruck(self) -> str:
        """The text with blanks in place of what is struck through."""
        return "".join(" " if mark == STRUCK else c for c, mark in zip(self.text, self.marks, strict=True))


def parse(text: str, *, plain: bool = False) -> list[Node]:
    """The top-level blocks of a Markdown text; *plain* as issues documents are read, without tables and task boxes."""
    root = Node(kind="Root", start=0, end=len(text.encode()))
    stack = [root]
    for event, span in pyromark.events_with_range(text, options=pyromark.Options(0) if plain else _OPTIONS):
        name, value = (event, "") if isinstance(event, str) else next(iter(event.items()))
        if name == "End":
            stack.pop()
            continue
        kind, detail = _opened(value) if name == "Start" else (name, str(value))
        node = Node(kind=kind, start=span["start"], end=span["end"], value=detail)
        stack[-1].children.append(node)
        if name == "Start":
            stack.append(node)
    return root.children


def _opened(tag: Any) -> tuple[str, str]:
    """The kind of a block or span, and the level of a heading."""
    kind, value = (tag, {}) if isinstance(tag, str) else next(iter(tag.items()))
    return kind, value["level"] if kind == "Heading" else ""


def lines_of(node: Node, depth: int = 0) -> list[Line]:
    """The lines of a block and of the blocks in it, in order; a row of a table is one line.

    Blocks that are nested too deep are left out.
    """
    if depth > _DEEPEST:
        return []
    if node.kind == "HtmlBlock":
        return [line for child in node.children for line in _html_lines(child)]
    if node.kind in ("TableRow", "TableHead"):
        return [_joined(cells_of(node), node.start)]
    if node.kind == "CodeBlock":
        return [Line.plain(text, node.start) for text in _value(node).splitlines()]
    lines: list[Line] = []
    inline: list[Node] = []
    for child in node.children:
        if child.kind in _BLOCKS:
            lines += [*_inline_lines(inline), *lines_of(child, depth + 1)]
            inline = []
        else:
            inline.append(child)
    return [*lines, *_inline_lines(inline)]


def cells_of(row: Node) -> list[Line]:
    """The cells of a row, each as one line."""
    return [_joined(_inline_lines(cell.children), cell.start) for cell in row.children]


def text_of(node: Node) -> str:
    """The visible text of a block, on one line."""
    return " ".join(" ".join(line.text for line in lines_of(node)).split())


def comments_of(nodes: list[Node]) -> Iterator[Line]:
    """The lines of HTML comments at the top level."""
    for node in nodes:
        if node.kind == "HtmlBlock":
            reader = _Html()
            reader.feed(_value(node)[:_MOST_HTML])
            for text in "\n".join(reader.comments).splitlines():
                yield Line.plain(text.strip(), node.start)


_TABLES = frozenset({"Table", "TableHead", "TableRow"})
_BLOCKS = _TABLES | {"Paragraph", "Heading", "BlockQuote", "CodeBlock", "HtmlBlock", "List", "Item", "Rule"}


def _value(node: Node) -> str:
    """The text of a block of code or HTML."""
    return "".join(child.value for child in node.children)


def _inline_lines(nodes: list[Node]) -> list[Line]:
    writer = _Writer()
    writer.write(nodes, PLAIN)
    return writer.done()


class _Writer:
    """Writes spans out as lines of marked characters."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.texts: list[str] = []
        self.marks: list[str] = []
        self.start = -1
        self.box: bool | None = None
        self.is_struck = False

    def write(self, nodes: list[Node], mark: str, depth: int = 0) -> None:
        for node in nodes:
            if self.start < 0:
                self.start = node.start
            if node.kind in _TEXTS:
                self.texts.append(node.value)
                self.marks.append((STRUCK if self.is_struck else mark) * len(node.value))
            elif node.kind in _BREAKS:
                self.end_line()
            elif node.kind == "TaskListMarker":
                self.box = node.value == "True"
            elif node.kind == "InlineHtml":
                self.tag(node.value)
            elif depth < _DEEPEST:
                self.write(node.children, _inner(node.kind, mark), depth + 1)

    def tag(self, text: str) -> None:
        if match := _STRUCK_TAG.fullmatch(text):
            self.is_struck = not match[1]
        elif text.lower().startswith("<br"):
            self.end_line()

    def end_line(self) -> None:
        text = "".join(self.texts)
        if text.strip():
            self.lines.append(Line(text=text, marks="".join(self.marks), start=self.start, box=self.box))
        self.texts, self.marks, self.start, self.box = [], [], -1, None

    def done(self) -> list[Line]:
        self.end_line()
        return self.lines


def _inner(kind: str, mark: str) -> str:
    if kind == "Strikethrough" or mark == STRUCK:
        return STRUCK
    if kind in ("Link", "Image") or mark == LINK:
        return LINK
    return BOLD if kind in ("Strong", "Emphasis") else mark


def _joined(lines: list[Line], start: int) -> Line:
    """Several lines as one, with ` | ` between them."""
    leads = [len(line.text) - len(line.text.lstrip()) for line in lines]
    parts = [line.cut(lead, len(line.text.rstrip())) for line, lead in zip(lines, leads, strict=True)]
    text, marks = " | ".join(part.text for part in parts), (PLAIN * 3).join(part.marks for part in parts)
    return Line(text=text, marks=marks, start=start)


def _html_lines(node: Node) -> list[Line]:
    reader = _Html()
    reader.feed(node.value[:_MOST_HTML])
    reader.close()
    texts = [text.strip() for text in "".join(reader.texts).splitlines()]
    return [Line.plain(text, node.start) for text in texts if text]


class _Html(HTMLParser):
    """Takes the visible text and the comments out of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.comments: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts.append("\n" if tag in ("br", "td", "th", "tr", "p", "li", "div", "summary") else "")

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
