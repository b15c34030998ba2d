"""The quick reader of plain documents says what the parser says, or nothing."""

from __future__ import annotations

from hypothesis import event, given
from hypothesis import strategies as st

from samples import REFERENCE, REFERENCE_PATH
from sotctl.documents.frontmatter import parse
from sotctl.documents.issues import parse_any
from sotctl.documents.plain_issues import read_plain
from sotctl.documents.policy import DEFAULT_MOVES
from sotctl.findings import RejectedError

HEADER = REFERENCE.partition(b"\n---\n")[0] + b"\n---\n"
STATUSES = tuple(DEFAULT_MOVES)
PLAIN = [
    *("## A-1 - First", "## B-2 - Second", "# Top", "### Notes", "Status: blocked.", "Status: ready."),
    *("Acceptance:", "Blocked by:", "- one", "- C-3 and D-4", "- x (cleared 2026-06-01: y)", "- `code` *here*", "text"),
    *(
        "Some words, `code` and *stress*, are blocked here.",
        "It waits for:",
        "1.5 days",
        ".sot/x",
        "(a) text",
        "ends  ",
    ),
]
OTHER = [
    *(
        "blocked by:",
        "**Blocked by:**",
        "Blocked by: x",
        "- Blocked by:",
        "* star",
        "1. first",
        "  - nested",
        "> quoted",
    ),
    *(
        "```",
        "~~~",
        "<!--",
        "-->",
        "---",
        "===",
        "| a | b |",
        "|---|---|",
        "    code",
        "\tx",
        "[a]: b",
        "-",
        "- ",
        "- - x",
    ),
    *(
        "Bl*o*cked by:",
        "Bl[o](x)cked by:",
        "&#66;locked by:",
        "Waiting.\\",
        "é",
        "# C #",
        "a) x",
        "- [ ] x",
        "***",
        "2. x",
    ),
    *(
        "What we are blocked by:",
        "### Known blockers",
        "`a",
        "Acceptance of it",
        "- 1. x",
        "\x0b",
        "####### x",
        "#x",
        "+ x",
    ),
]


def compared(body: bytes) -> bool:
    """Whether the quick reader read *body*, which is then what the parser reads."""
    source = HEADER + body
    try:
        document = parse(REFERENCE_PATH, source, header_too=False)
    except RejectedError:
        return False
    plain = read_plain(REFERENCE_PATH, source, document.body_start, STATUSES)
    if plain is not None:
        slow = parse_any(document, STATUSES)
        assert (plain, ()) == (slow.issues, slow.findings)
    return plain is not None


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Issues of plain lines, with some that are not."""
    lines = []
    for number in range(draw(st.integers(1, 3))):
        lines += [f"## A-{number} - T", "", f"Status: {draw(st.sampled_from(STATUSES))}.", ""]
        for line in draw(st.lists(st.sampled_from(PLAIN), max_size=8)):
            lines += [line, *draw(st.sampled_from([[""], [""], []]))]
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        other = draw(st.one_of(st.sampled_from(OTHER), st.text(max_size=5)))
        lines.insert(draw(st.integers(0, len(lines))), other)
    return ("\n" * draw(st.integers(0, 2)) + "\n".join(lines) + "\n" * draw(st.integers(0, 2))).encode()


@given(bodies())
def test_the_quick_reader_says_what_the_parser_says(body: bytes) -> None:
    event("plain" if compared(body) else "not plain")


@given(st.lists(st.one_of(st.sampled_from(PLAIN + OTHER), st.text(max_size=4)), max_size=12).map("\n".join))
def test_the_quick_reader_says_nothing_of_what_it_cannot_read(body: str) -> None:
    compared(body.encode("utf-8", "replace"))


def test_the_reference_document_is_plain() -> None:
    assert compared(REFERENCE.partition(b"\n---\n")[2])


def test_documents_as_people_write_them_are_plain() -> None:
    for text in (
        "Acceptance:\n- a\n- b\n\nBlocked by:\n\n- c\n",
        "### Notes\n\nWords,\nmore words.\n\n- a list\n\n- more\n",
    ):
        assert compared(f"\n# Top\n\nText.\n\n## A-1 - T\n\nStatus: ready.\n\n{text}".encode())
