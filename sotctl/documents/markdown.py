"""The block structure of a Markdown body, by a CommonMark parser, with byte offsets."""

from __future__ import annotations

from typing import Any

import pyromark

_INLINE = frozenset({"Emphasis", "Strong", "Link", "Image", "Strikethrough"})


class Block:
    """A block at the top level of the body: `heading`, `paragraph`, `list`, `rule` or the parser's name for another.

    `start` and `end` are the block's byte offsets, `text_start` and `text_end` those of its inline text (of an item: of
    its first paragraph), -1 where it has none; `level` is the level of a heading, `items` are the bullets of a list.
    """

    # Not a dataclass: a store of thousands of documents makes hundreds of thousands of these.
    __slots__ = ("end", "items", "kind", "level", "start", "text_end", "text_start")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind, self.start, self.end = kind, start, end
        self.level, self.text_start, self.text_end = 0, -1, -1
        self.items: list[Block] = []

    def widen(self, start: int, end: int) -> None:
        """Take another piece of inline text in."""
        if self.text_start < 0:
            self.text_start = start
        self.text_end = max(self.text_end, end)


def blocks(body: bytes, offset: int = 0) -> list[Block]:
    """The top-level blocks of *body*; *offset* is added to every byte offset."""
    walk = _Walk(body, offset)
    for event, span in pyromark.events_with_range(body.decode("utf-8")):
        if type(event) is dict:
            if "End" in event:
                walk.depth -= 1
                continue
            if "Start" in event:
                tag = event["Start"]
                walk.start(tag if type(tag) is str else next(iter(tag)), tag, span)
                continue
        if event == "Rule":
            walk.rule(span)
            continue
        if walk.open is not None:
            walk.open.widen(span["start"] + offset, span["end"] + offset)
    return walk.found


class _Walk:
    """Follows the parser's events: depth 1 is a top-level block, depth 2 an item of a top-level list."""

    __slots__ = ("body", "depth", "found", "offset", "open")

    def __init__(self, body: bytes, offset: int) -> None:
        self.body, self.offset = body, offset
        self.found: list[Block] = []
        self.depth = 0
        self.open: Block | None = None  # the heading or item whose inline text is being gathered

    def start(self, name: str, tag: Any, span: Any) -> None:
        self.depth += 1
        if self.depth > 2 and self.open is None:
            return
        start, end = span["start"] + self.offset, span["end"] + self.offset
        if self.depth == 1:
            self.found.append(self.top(name, tag, start, end))
        elif self.depth == 2 and name == "Item" and self.found[-1].kind == "list":
            self.open = Block("item", start, end)
            self.found[-1].items.append(self.open)
        elif self.open is not None and name in _INLINE:
            self.open.widen(start, end)
        elif self.open is not None:
            if name == "Paragraph" and self.open.text_start < 0:
                self.open.widen(start, start + len(self.body[span["start"] : span["end"]].rstrip()))
            self.open = None  # what follows the first paragraph of an item is not its text

    def rule(self, span: Any) -> None:
        """A thematic break: it ends the text before it, and has neither text nor an end of its own."""
        self.open = None
        if self.depth == 0:
            self.found.append(Block("rule", span["start"] + self.offset, span["end"] + self.offset))

    def top(self, name: str, tag: Any, start: int, end: int) -> Block:
        block = Block(name.lower(), start, end)
        self.open = None
        if name == "Heading":
            block.level = int(tag["Heading"]["level"][1])
            self.open = block
        elif name == "Paragraph":
            block.widen(start, end)
        return block
