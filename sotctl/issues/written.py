"""The text of an issue besides its status and the lists that are shown with their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.issues import Issue
from sotctl.documents.labels import Place, read_label
from sotctl.documents.markdown import Block, blocks

_STATUS = re.compile(rb"Status:[^\n]*")
_PLAIN = frozenset({"paragraph", "list", "item"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A block as it is written; `flows` if its lines may be wrapped again, as those of a paragraph."""

    text: str
    flows: bool


def written(document: GovernedDocument, issue: Issue) -> list[Written]:
    """The blocks of an issue in order: text, lists, headings, code, quotations and tables, each whole."""
    source = document.source
    found = blocks(document.body, document.body_start)
    heading, *section = [block for block in found if issue.start <= block.start < issue.end]
    shown: list[Written] = []
    at, label = heading.end, None
    for block in section:
        shown += _between(source, at, block.start)
        at = block.end
        if label is not None and block.kind == "list" and _is_plain(block):
            label = None
            continue
        shown += _block(source, label) if label is not None else []
        label = block if _is_label(source, block) else None
        if label is None and not _is_status(source, block):
            shown += _block(source, block)
    shown += _block(source, label) if label is not None else []
    return shown + list(_between(source, at, issue.end))


def _between(source: bytes, start: int, end: int) -> Iterator[Written]:
    """Text between blocks: definitions of links."""
    if text := source[start:end].decode("utf-8").strip():
        yield Written(text=text, flows=False)


def _block(source: bytes, block: Block) -> list[Written]:
    raw = source[block.start : block.end].decode("utf-8").replace("\r\n", "\n")
    if block.kind == "paragraph":
        return [Written(text=" ".join(raw.split()), flows=True)]
    column = block.start - source.rfind(b"\n", 0, block.start) - 1
    lines = (" " * column + raw.rstrip()).split("\n")
    return [Written(text="\n".join(line.rstrip() for line in lines), flows=False)]


def _is_label(source: bytes, block: Block) -> bool:
    """Whether a block is a label of a list and nothing else."""
    if block.kind not in ("paragraph", "heading") or len(block.lines) != 1:
        return False
    place = Place.HEADING if block.kind == "heading" else Place.FIRST
    label = read_label(source, block.lines[0], place)
    return label is not None and label.inline < 0


def _is_status(source: bytes, block: Block) -> bool:
    return block.kind == "paragraph" and _STATUS.fullmatch(source[block.start : block.end].strip()) is not None


def _is_plain(block: Block) -> bool:
    """Whether a list holds nothing but bullets of one paragraph: shown by its bullets, it is shown whole."""
    ahead = [block]
    while ahead:
        here = ahead.pop()
        if here.kind not in _PLAIN or sum(child.kind == "paragraph" for child in here.children) > 1:
            return False
        ahead += here.children
    return True
