"""The block structure of a Markdown body, by a CommonMark parser, with byte offsets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyromark


@dataclass(slots=True)
class Block:
    """A block at the top level of the body: `heading`, `paragraph`, `list` or the parser's name for another.

    `start` and `end` are the block's byte offsets, `text_start` and `text_end` those of its inline text; `level` is
    the level of a heading, `items` are the bullets of a list.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    text_start: int = -1
    text_end: int = -1
    items: list[Block] = field(default_factory=list)

    def widen(self, start: int, end: int) -> None:
        """Take another piece of inline text in."""
        self.text_start = start if self.text_start < 0 else self.text_start
        self.text_end = max(self.text_end, end)


def blocks(body: bytes, offset: int = 0) -> list[Block]:
    """The top-level blocks of *body*; *offset* is added to every byte offset."""
    events = iter(pyromark.events_with_range(body.decode("utf-8")))
    found: list[Block] = []
    for event, span in events:
        if isinstance(event, dict) and "Start" in event:
            found.append(_block(event["Start"], span, offset, events))
    return found


def _name(tag: Any) -> str:
    return str(tag if isinstance(tag, str) else next(iter(tag)))


def _block(tag: Any, span: Any, offset: int, events: Iterator[Any]) -> Block:
    name = _name(tag)
    block = Block(name.lower(), offset + span["start"], offset + span["end"])
    if name == "Heading":
        block.level = int(tag["Heading"]["level"][1])
    depth = 1
    nested = False
    for event, inner in events:
        kind = next(iter(event)) if isinstance(event, dict) else event
        if kind == "Start":
            started = _name(event["Start"])
            if name == "List" and started == "Item":
                block.items.append(_block(event["Start"], inner, offset, events))
                continue
            depth += 1
            nested = nested or started not in {"Paragraph", "Emphasis", "Strong", "Link", "Image", "Strikethrough"}
        elif kind == "End":
            depth -= 1
            if depth == 0:
                return block
            nested = nested or (name == "Item" and _ends_paragraph(event))
        elif not nested:
            block.widen(offset + inner["start"], offset + inner["end"])
        if not nested and kind == "Start" and _name(event["Start"]) != "Paragraph":
            block.widen(offset + inner["start"], offset + inner["end"])
    return block


def _ends_paragraph(event: Any) -> bool:
    return bool(event["End"] == "Paragraph")
