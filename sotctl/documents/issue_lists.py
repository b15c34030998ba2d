"""The lists of an issue's section: what is under `Acceptance:` and `Blocked by:`, however it is spelled.

An overlooked list would let an issue leave `blocked`. So in doubt text is read as a bullet, and what looks like a list
and cannot be read is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from sotctl.documents.labels import Kind, Label, Place, is_suspect, read_label
from sotctl.documents.markdown import Block, Line

_MARKER = re.compile(
    r"(?:\\?[-*+|•‣◦⁃∙·●○▪▫■□►▶→➤➔✗✘☐☑☒–—―−‐‑]|\[[ xX]?\]|\(?\d{1,9}\\?[.):]|\(?[A-Za-z]\))[*_]*\s*(?=\S)"
)
_FIELD = re.compile(
    r"(?:Status|Owner|Assignee|Author|Reporter|Due|Deadline|Priority|Labels?|Tags?|Created|Updated|Date|Since|Type|"
    r"Milestone|Estimate|Component|Notes?|See|See also|Links?|Related|References?):(?:\s|$)"
)
_KEY = re.compile(r"[A-Z][\w /&-]{0,30}:(?:\s|$)")
_GOES_ON = re.compile(r"(?:also|and|plus|then|later|further|furthermore|in addition|additionally|or|as well)\b", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LIST_LINE = re.compile(r"^[ \t>]*(?:[-*+•]|\d{1,9}[.)])[ \t]+\S", re.MULTILINE)
_FENCE = re.compile(rb"[ \t>]*(`{3,}|~{3,})")
_MOST_LABEL_WORDS = 4
_QUOTED = -2
_DEEPEST = 60


@dataclass(slots=True)
class Entry:
    """A bullet by its places: the whole item, and the text that is settled; `item` says that a list holds it."""

    start: int
    end: int
    text_start: int
    text_end: int
    item: bool = False

    @classmethod
    def of(cls, first: Line, last: Line) -> Entry:
        """A bullet that is text alone, from one line to another."""
        return cls(first.start, last.end, first.start, last.end)


Unread = tuple[int, str]
"""A place that keeps an issue from moving, and what cannot be read there."""


@dataclass(slots=True)
class _Scope:
    """The content under one label: `depth` is how deep the label lies, `level` that of a heading.

    `list_depth` is how deep the list lies in which the label is an item of its own, -1 elsewhere.
    """

    kind: Kind
    offset: int
    depth: int
    level: int = 0
    list_depth: int = -1
    entries: list[Entry] = field(default_factory=list)
    text: list[Entry] = field(default_factory=list)
    """Paragraphs under the label; they are its bullets where it has no list."""
    unread: list[Unread] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is below the label."""
        return not (self.entries or self.text or self.unread)


class SectionLists:
    """The lists of one section, read from its blocks.

    `acceptance` and `blocked` are their entries in order of place; `unread` is what could not be read. `labels`
    are the places of all labels, `blocked_labels` those of `Blocked by:`, `empty` those of them with nothing below.
    """

    def __init__(self, source: bytes, section: Sequence[Block]) -> None:
        self.source = source
        self._scopes: list[_Scope] = []
        self._scope: _Scope | None = None
        self._unread: list[Unread] = []
        self._walk(section, 0)
        self.acceptance = self._entries(Kind.ACCEPTANCE)
        self.blocked = self._entries(Kind.BLOCKED)
        self.unread = sorted([*self._unread, *(found for scope in self._scopes for found in scope.unread)])
        self.labels = {scope.offset for scope in self._scopes}
        self.blocked_labels = [scope.offset for scope in self._scopes if scope.kind is Kind.BLOCKED]
        self.empty = list(self._empty())

    def _empty(self) -> Iterator[int]:
        """The labels with nothing below them; a repeated label heads what is below its repetition."""
        for scope, following in zip_longest(self._scopes, self._scopes[1:]):
            is_repeated = following is not None and following.kind is scope.kind
            if scope.kind is Kind.BLOCKED and scope.is_empty and not is_repeated:
                yield scope.offset

    def _entries(self, kind: Kind) -> list[Entry]:
        """The bullets under all labels of a kind; text counts where there is no bullet, or it may be a blocker."""
        found: list[Entry] = []
        for scope in self._scopes:
            if scope.kind is kind:
                found += scope.entries
                if not scope.entries:
                    found += scope.text
                elif kind is Kind.BLOCKED:
                    found += [entry for entry in scope.text if not self._leads(entry)]
        return sorted(found, key=lambda entry: entry.text_start)

    def _leads(self, entry: Entry) -> bool:
        """Whether a text is the introduction to a list."""
        return self.source[entry.text_start : entry.text_end].rstrip(b" *_~`").endswith(b":")

    def _walk(self, found: Sequence[Block], depth: int, column: int = -1) -> None:
        """Read blocks, *depth* deep.

        *column* is where the item that holds them begins, -1 outside of one, `_QUOTED` in a quotation.
        """
        for block in found if depth <= _DEEPEST else self._too_deep(found):
            match block.kind:
                case "heading":
                    self._heading(block, depth)
                case "paragraph":
                    self._paragraph(block, depth, column)
                case "list":
                    for item in block.children:
                        self._item(item, depth + 1)
                case "table":
                    self._table(block, depth)
                case "codeblock":
                    self._code(block)
                case "htmlblock":
                    self._html(block)
                case "rule":
                    pass
                case _:
                    self._inside(block, depth + 1)

    def _too_deep(self, found: Sequence[Block]) -> tuple[()]:
        """Report blocks that are nested too deep, and read nothing in them."""
        message = f"this is nested deeper than {_DEEPEST} levels, and is not read"
        self._unread += [(block.start, message) for block in found[:1]]
        return ()

    def _inside(self, block: Block, depth: int) -> None:
        """Read a quotation; a label in it heads the text after the quotation only if nothing follows it inside."""
        outer = self._scope
        self._walk(block.children, depth, _QUOTED)
        self._leave(outer, depth)

    def _leave(self, outer: _Scope | None, depth: int) -> None:
        scope = self._scope
        if scope is None:
            self._scope = outer
        elif scope is not outer and scope.depth >= depth:
            if scope.is_empty or outer is None:
                scope.depth, scope.list_depth = depth - 1, -1 if scope.is_empty else depth - 1
            else:
                self._scope = outer

    def _open(self, label: Label, line: Line, depth: int, level: int = 0) -> Entry | None:
        """Begin a list, and return the bullet that stands on the line of its label."""
        self._scope = _Scope(kind=label.kind, offset=line.start, depth=depth, level=level)
        self._scopes.append(self._scope)
        if label.inline < 0:
            return None
        entry = Entry(label.inline, line.end, label.inline, line.end)
        (self._scope.text if self._leads(entry) else self._scope.entries).append(entry)
        return entry

    def _heading(self, block: Block, depth: int) -> None:
        line = block.lines[0] if block.lines else None
        if line and (label := read_label(self.source, line, Place.HEADING)):
            self._open(label, line, depth, block.level)
            return
        if line and is_suspect(line, Place.HEADING):
            self._suspect(line)
        scope = self._scope
        if scope and depth <= scope.depth and not 0 < scope.level < block.level:
            self._scope = None

    def _paragraph(self, block: Block, depth: int, column: int) -> None:
        if self._ends_list(block, depth):
            self._scope = None
            return
        self._lines(block.lines, depth, column=column)

    def _ends_list(self, block: Block, depth: int) -> bool:
        """Whether a paragraph is the label of another list, behind the bullets of this one."""
        scope = self._scope
        if scope is None or not scope.entries or depth > scope.depth or len(block.lines) != 1:
            return False
        line = block.lines[0]
        text = line.text.strip(" *_~`")
        is_label = text.endswith(":") and text[:1].isupper() and len(text.split()) <= _MOST_LABEL_WORDS
        return (
            is_label
            and not _GOES_ON.match(text)
            and not is_suspect(line, Place.FIRST)
            and read_label(self.source, line, Place.FIRST) is None
        )

    def _lines(self, lines: Sequence[Line], depth: int, *, column: int = -1, first: Place = Place.FIRST) -> None:
        """Read the lines of a paragraph; in an item, one at or before its *column* is text of the list around it."""
        entry: Entry | None = None  # the bullet or text that the next line goes on with
        for number, line in enumerate(lines):
            place = Place.LATER if number else first
            is_outside = self._is_outside(line, column)
            if is_outside and self._scope:
                self._scope.depth = min(self._scope.depth, depth - 1)
            label = read_label(self.source, line, place, lines[number - 1].text if number else "")
            if label:
                entry = self._open(label, line, depth - is_outside)
            elif self._is_lost(line, place, depth - is_outside):
                self._suspect(line)
            elif self._scope is None:
                pass
            elif marker := self._marker(line):
                entry = Entry(line.start, line.end, line.start + marker, line.end)
                self._scope.entries.append(entry)
            elif _FIELD.match(line.text):
                entry = self._field(line)
            elif entry is not None:
                entry.end = entry.text_end = line.end
            elif not self._scope.entries:
                entry = Entry.of(line, line)
                self._scope.text.append(entry)

    def _is_lost(self, line: Line, place: Place, depth: int) -> bool:
        """Whether a line looks like a label of a list that is not being read."""
        scope = self._scope
        if scope and (scope.kind is Kind.BLOCKED or depth > scope.depth):
            return False
        return is_suspect(line, place)

    def _field(self, line: Line) -> Entry | None:
        """A line such as `Owner: JP` does not continue a bullet; under a label without bullets it is text."""
        if self._scope is None or self._scope.entries or line.text.startswith("Status:"):
            return None
        entry = Entry.of(line, line)
        self._scope.text.append(entry)
        return entry

    def _marker(self, line: Line) -> int:
        """The length of a list marker that Markdown does not know, such as `•`."""
        raw = self.source[line.start : line.end].decode("utf-8")
        match = _MARKER.match(raw)
        return len(raw[: match.end()].encode()) if match else 0

    def _is_outside(self, line: Line, column: int) -> bool:
        """Whether a line continues an item or a quotation only because no blank line precedes it."""
        at = self._column(line.start)
        return b">" not in self.source[line.start - at : line.start] if column == _QUOTED else at <= column

    def _column(self, offset: int) -> int:
        return offset - self.source.rfind(b"\n", 0, offset) - 1

    def _item(self, item: Block, depth: int) -> None:
        lines: Sequence[Line] = item.text_lines
        if self._scope and self._scope.list_depth == depth - 1 and lines and _KEY.match(lines[0].text):
            self._scope = None
        outer = self._scope
        place = Place.FIRST if outer is None else Place.LISTED
        if outer is None or (lines and read_label(self.source, lines[0], place)):
            rest: Sequence[Line] = lines
        else:
            rest = self._bullet(item, lines, outer)
        self._lines(rest, depth, column=self._column(item.start), first=place if rest is lines else Place.LATER)
        self._walk(item.children[1:] if lines else item.children, depth, self._column(item.start))
        self._leave(outer, depth)

    def _bullet(self, item: Block, lines: Sequence[Line], scope: _Scope) -> Sequence[Line]:
        """Read an item as a bullet, and return the lines of its text that are none of it: a label, other bullets."""
        count = next((at for at in range(1, len(lines)) if self._is_other(item, lines, at)), len(lines))
        end = lines[count - 1].end if lines else item.start
        scope.entries.append(Entry(item.start, item.end, lines[0].start if lines else item.start, end, item=True))
        return lines[count:]

    def _is_other(self, item: Block, lines: Sequence[Line], at: int) -> bool:
        """Whether a line of an item's text begins something else."""
        if read_label(self.source, lines[at], Place.LATER, lines[at - 1].text) or self._marker(lines[at]):
            return True
        return self._is_outside(lines[at], self._column(item.start)) and is_suspect(lines[at], Place.LATER)

    def _table(self, table: Block, depth: int) -> None:
        head, *rows = ([cell.lines for cell in row.children] for row in table.children)
        if self._columns(head, rows, depth):
            return
        for number, cells in enumerate([head, *rows]):
            outer = self._scope
            if label := self._cell_label(cells[0] if cells else []):
                self._row(label, cells, depth)
                self._scope = outer
            elif outer and (number or not rows):
                lines = [line for cell in cells for line in cell]
                if lines:
                    outer.entries.append(Entry.of(lines[0], lines[-1]))

    def _cell_label(self, lines: Sequence[Line]) -> Label | None:
        return read_label(self.source, lines[0], Place.CELL) if lines else None

    def _columns(self, head: Sequence[Sequence[Line]], rows: Sequence[Sequence[Sequence[Line]]], depth: int) -> bool:
        """Read the columns under a label in the first row; where that may be a row of its own, its other cells too."""
        labels = [(at, label) for at, cell in enumerate(head) if (label := self._cell_label(cell))]
        if not labels or not rows:
            return False
        outer = self._scope
        for at, label in labels:
            self._open(label, head[at][0], depth)
            scope = self._scopes[-1]
            cells = [row[at] for row in rows if at < len(row) and row[at] and not self._cell_label(row[at])]
            if at == 0 and len(head) == 2 and len(labels) == 1 and head[1] and not _is_short(head[1]):
                cells.insert(0, head[1])
            scope.entries += [Entry.of(cell[0], cell[-1]) for cell in cells]
        for row in rows:
            if label_ := self._cell_label(row[0] if row else []):
                self._row(label_, row, depth)
        self._scope = outer
        return True

    def _row(self, label: Label, cells: Sequence[Sequence[Line]], depth: int) -> None:
        self._open(label, cells[0][0], depth)
        self._scopes[-1].entries += [Entry.of(cell[0], cell[-1]) for cell in cells[1:] if cell]

    def _code(self, block: Block) -> None:
        """A code block is text, but an indented or unclosed one may hold what was meant as a list."""
        raw = self.source[block.start : block.end]
        fence = _FENCE.match(raw)
        last = raw.rstrip().rsplit(b"\n", 1)[-1].strip(b" \t>\r")
        if fence and b"\n" in raw.strip() and last.startswith(fence[1]) and not last.strip(fence[1][:1]):
            return
        reason = "a code block that is never closed" if fence else "text that is indented like code"
        self._hidden(block.start, raw.decode("utf-8"), reason)

    def _html(self, block: Block) -> None:
        raw = self.source[block.start : block.end].decode("utf-8")
        shown = _COMMENT.sub("", raw)
        if "<!--" in shown:
            self._hidden(block.start, shown, "a comment that is never closed")
        elif text := _TAG.sub(" ", shown).strip():
            self._hidden(block.start, text, "HTML", is_shown=True)

    def _hidden(self, offset: int, text: str, what: str, *, is_shown: bool = False) -> None:
        """Report a block that Markdown hides where it holds a label, or under one anything that may be a bullet."""
        lines = [Line(line.strip(), offset, offset) for line in text.splitlines()]
        if any(read_label(b"", line, Place.FIRST) for line in lines):
            self._unread.append((offset, f"{what} holds a label of a list"))
        elif self._scope and (is_shown or _LIST_LINE.search(text)):
            self._scope.unread.append((offset, f"{what} stands under `{self._scope.kind}:`"))

    def _suspect(self, line: Line) -> None:
        self._unread.append((line.start, "this line looks like the label of a list and is not"))


def _is_short(cell: Sequence[Line]) -> bool:
    """Whether the text of a cell is the name of a column."""
    text = " ".join(line.text for line in cell)
    return len(text.split()) <= 2 and "-" not in text
