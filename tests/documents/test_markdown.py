"""The blocks of a Markdown body, and the places they are said to have."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotctl.documents.markdown import Block, blocks

MARKS = [
    *("# ", "## A-1 - T", "- ", "1. ", "> ", "```", "~~~", "---", "***", "===", "<!--", "-->", "<div>", "    ", "\t"),
    *(
        "*a*",
        "**b**",
        "`c`",
        "[d](e)",
        "![f](g)",
        "[h]: i",
        "~~j~~",
        "<k@l.m>",
        "\\*",
        "&amp;",
        "|",
        "|-|-|",
        "  ",
        "é🙂",
    ),
]
BODIES = st.lists(
    st.one_of(st.sampled_from(MARKS), st.sampled_from(["\n", "\r\n", "\n\n", " ", "a", "b c"]), st.text(max_size=6)),
    max_size=30,
).map(lambda parts: "".join(parts).encode())


def test_a_rule_ends_the_text_of_the_bullet_before_it() -> None:
    body = b"- one\n- two\n---\n\n- a\n  ***\n"
    found = blocks(body)
    assert [(block.kind, body[block.start : block.end]) for block in found] == [
        ("list", b"- one\n- two\n"),
        ("rule", b"---\n"),
        ("list", b"- a\n  ***\n"),
    ]
    texts = [body[item.text_start : item.text_end] for block in found for item in items(block)]
    assert texts == [b"one", b"two", b"a"]


@pytest.mark.parametrize("body", [b"", b"\n", b"\r\n\r\n", b"[a]: https://example.com\n"])
def test_what_holds_no_block_has_none(body: bytes) -> None:
    assert blocks(body) == []


def items(block: Block) -> list[Block]:
    return block.children if block.kind == "list" else []


def inside(block: Block, start: int, end: int) -> None:
    """*block* lies between two places, and its text within it, as whole characters."""
    assert start <= block.start < block.end <= end
    if block.text_start >= 0:
        assert block.start <= block.text_start <= block.text_end <= block.end
    else:
        assert block.text_end == -1


@given(BODIES, st.integers(0, 40))
def test_every_place_lies_inside_and_cuts_no_character(body: bytes, offset: int) -> None:
    found = blocks(body, offset)
    for block in found:
        inside(block, offset, offset + len(body))
        for item in items(block):
            inside(item, block.start, block.end)
        for one, two in pairwise(items(block)):
            assert one.end <= two.start
        for part in (block, *items(block)):
            body[part.start - offset : part.end - offset].decode()
            body[max(part.text_start - offset, 0) : max(part.text_end - offset, 0)].decode()
    for before, after in pairwise(found):
        assert before.end <= after.start


@given(BODIES)
def test_the_blocks_and_what_stands_between_them_are_the_body(body: bytes) -> None:
    """Only blank lines, space before a block and definitions of links stand between blocks."""
    rebuilt, at = b"", 0
    for block in blocks(body):
        between = body[at : block.start]
        assert b"]:" in between or not between.strip(b" \t\r\n>\xc2\xa0\x00") or not between.strip()
        rebuilt, at = rebuilt + between + body[block.start : block.end], block.end
    assert rebuilt + body[at:] == body


@given(BODIES, st.integers(1, 1000))
def test_an_offset_moves_every_place_by_as_much(body: bytes, offset: int) -> None:
    def places(block: Block, by: int) -> list[object]:
        text = (block.text_start + by, block.text_end + by) if block.text_start >= 0 else None
        return [
            block.kind,
            block.level,
            block.start + by,
            block.end + by,
            text,
            [places(child, by) for child in block.children],
        ]

    assert [places(block, 0) for block in blocks(body, offset)] == [places(block, offset) for block in blocks(body)]
