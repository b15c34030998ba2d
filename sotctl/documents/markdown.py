"""The block structure of a Markdown body, by a CommonMark parser, with byte offsets."""

from __future__ import annotations

from typing import Any

import pyromark

_INLINE = frozenset({"Emphasis", "Strong", "Link", "Image", "Strikethrough", "Superscript", "Subscript"})
_LEAVES = frozenset({"Text", "Code", "InlineHtml", "InlineMath", "DisplayMath", "FootnoteReference"})
_HIDDEN = frozenset({"codeblock", "htmlblock"})
_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_TASKLISTS


class Line:
    """One line of inline text: `text` is what a reader sees, `start` and `end` are byte offsets of the source."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end


class Block:
    """A block of the body: `heading`, `paragraph`, `list`, `item`, `rule` or the parser's name for another.

    `start` and `end` are the block's byte offsets; `level` is the level of a heading. `children` are the blocks in it,
    `lines` the lines of a heading, paragraph or table cell. Text that stands in a tight item is a paragraph in it.
    """

    # Not a dataclass: a store of thousands of documents makes hundreds of thousands of these.
    __slots__ = ("children", "end", "kind", "level", "lines", "start")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind, self.start, self.end = kind, start, end
        self.level = 0
        self.lines: list[Line] = []
        self.children: list[Block] = []

    @property
    def text_lines(self) -> list[Line]:
        """The lines of its inline text; of an item, those of the paragraph that it begins with."""
        if self.kind == "item":
            first = self.children[0] if self.children else None
            return first.lines if first is not None and first.kind == "paragraph" else []
        return self.lines

    @property
    def text_start(self) -> int:
        """The byte offset of its inline text, -1 where it has none."""
        lines = self.text_lines
        return lines[0].start if lines else -1

    @property
    def text_end(self) -> int:
        """The byte offset after its inline text, -1 where it has none."""
        lines = self.text_lines
        return lines[-1].end if lines else -1


def blocks(body: bytes, offset: int = 0) -> list[Block]:
    """The top-level blocks of *body*, each with the blocks in it; *offset* is added to every byte offset."""
    walk = _Walk(offset)
    event: Any
    for event, span in pyromark.events_with_range(body.decode("utf-8"), options=_OPTIONS):
        start, end = span["start"] + offset, span["end"] + offset
        if type(event) is str:
            walk.mark(event, start, end)
            continue
        ((name, value),) = event.items()
        if name == "Start":
            walk.enter(value if type(value) is str else next(iter(value)), value, start, end)
        elif name == "End":
            walk.leave(value if type(value) is str else next(iter(value)), end)
        elif name in _LEAVES:
            walk.leaf(value if name in ("Text", "Code") else "", start, end)
    return walk.root.children


class _Walk:
    """Follows the parser's events and builds the tree."""

    __slots__ = ("is_new_line", "offset", "open", "root", "stack")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.root = Block("document", offset, offset)
        self.stack = [self.root]
        self.open: Block | None = None  # the block whose lines are being gathered
        self.is_new_line = True

    def enter(self, name: str, tag: Any, start: int, end: int) -> None:
        if name in _INLINE:
            self.extend("", start, start)
            return
        block = Block(name.lower(), start, end)
        if name == "Heading":
            block.level = int(tag["Heading"]["level"][1])
        self.stack[-1].children.append(block)
        self.stack.append(block)
        self.open, self.is_new_line = (block if name in ("Heading", "Paragraph", "TableCell") else None), True

    def leave(self, name: str, end: int) -> None:
        if name in _INLINE:
            if self.open is not None and self.open.lines:
                self.open.lines[-1].end = max(self.open.lines[-1].end, end)
            return
        self.stack.pop()
        self.open = None

    def mark(self, name: str, start: int, end: int) -> None:
        """An event without a value: a line break, or a thematic break."""
        if name in ("SoftBreak", "HardBreak"):
            self.is_new_line = True
        elif name == "Rule":
            self.stack[-1].children.append(Block("rule", start, end))
            self.open = None

    def leaf(self, text: str, start: int, end: int) -> None:
        if self.stack[-1].kind not in _HIDDEN:
            self.extend(text, start, end)

    def extend(self, text: str, start: int, end: int) -> None:
        """Add inline text to the line it stands on; in an item without a paragraph, make one."""
        if self.open is None:
            self.open, self.is_new_line = Block("paragraph", start, end), True
            self.stack[-1].children.append(self.open)
        block = self.open
        block.end = max(block.end, end)
        if self.is_new_line or not block.lines:
            block.lines.append(Line(text, start, end))
            self.is_new_line = False
        else:
            line = block.lines[-1]
            line.text += text
            line.end = max(line.end, end)
