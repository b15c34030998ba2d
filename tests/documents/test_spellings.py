"""What keeps an issue blocked is found however it is written, or a finding says that it cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from samples import REFERENCE, REFERENCE_PATH, snapshot
from sotctl.documents.issues import Issue

HEADER = REFERENCE.partition(b"\n---\n")[0].decode() + "\n---\n\n"
DONE = "one (cleared 2026-06-01: ok)"


def issue(text: str, status: str = "blocked") -> Issue:
    body = f"{HEADER}## A-1 - T\n\nStatus: {status}.\n\n{text}\n\n## B-2 - U\n\nStatus: draft.\n"
    first, second = snapshot({REFERENCE_PATH: body.encode()}).issues()
    assert (second.id, second.blocked_by, second.acceptance, second.unread) == ("B-2", (), (), ())
    return first


def blockers(text: str) -> list[str]:
    found = issue(text)
    assert found.unreadable() == ()
    return [bullet.text for bullet in found.blocked_by]


@pytest.mark.parametrize(
    "text",
    [
        "Blocked by:\n\n<!-- lint -->\n\n- one\n\n- two",
        "Blocked by:\n- one\n* two",
        "Blocked by:\n\n- one\n\n<!-- -->\n\n- two",
        "Blocked by:\n\n- one\n\n---\n\n- two",
        "Blocked by:\n\n- one\n\nBlocked by:\n\n- two",
        "Blocked by:\n\n- one\n\nand, as heard today,\n\n- two",
        "Blocked by:\n\n- one\n\nAlso:\n\n- two",
        "Waiting.\nBlocked by:\n- one\n- two",
        "Acceptance:\n- a\nBlocked by:\n- one\n- two",
        "Acceptance:\n\n- a\n- b\n\nBlocked by:\n\n1. one\n1) two",
        "**Blocked by:**\n\n- one\n- two",
        "**Blocked by**:\n\n- one\n- two",
        "__Blocked by__\n\n- one\n- two",
        "*Blocked by*\n- one\n- two",
        "`Blocked by`:\n- one\n- two",
        "[Blocked by](https://example.com):\n- one\n- two",
        "**Blocked by:\n\n- one\n- two",
        "### Blocked by\n\n- one\n- two",
        "## Blocked by\n\n- one\n- two",
        "# Blocked by:\n\n- one\n- two",
        "Blocked by\n---\n\n- one\n- two",
        "### Blocked by\n\n#### Outside\n\n- one\n\n#### Inside\n\n- two",
        "#### 3. Blocked By ####\n\n- one\n- two",
        "Blocked by :\n\n- one\n- two",
        "BLOCKED BY:\n\n- one\n- two",
        "blocked by:\n\n- one\n- two",
        "Blocked-by:\n\n- one\n- two",
        "Blocked  by:\n\n- one\n- two",
        "Blocked\u00a0by:\n\n- one\n- two",
        "Blocked by\uff1a\n\n- one\n- two",
        "Bl\u043ecked by:\n\n- one\n- two",
        "Blo\u200bcked by:\n\n- one\n- two",
        "Blocked&#32;by&colon;\n\n- one\n- two",
        "Blocked by\\:\n\n- one\n- two",
        "Blocked by \u2013\n\n- one\n- two",
        "Blocked by\u2014\n\n- one\n- two",
        "Blocked by (outside):\n\n- one\n- two",
        "Blocked by\n\n- one\n- two",
        "Blocked on:\n\n- one\n- two",
        "Blockers:\n\n- one\n- two",
        "Still blocked by:\n\n- one\n- two",
        "\u26d4 Blocked by:\n\n- one\n- two",
        "Blocked by: one\n- two",
        "Blocked by: one\n\n- two",
        "**Blocked by:** one\n\nBlocked by: two",
        "Blocked by \u2013 one\n- two",
        "Blocked by:\none\n- two",
        "Blocked by:\n\none\n\n- two",
        "Blocked by:\n\none\n\ntwo",
        "Blocked by: the following:\n- one\n- two",
        "Blocked by:\n\nThese things:\n\n- one\n- two",
        "Blocked by:\n\u2022 one\n\u2022 two",
        "Blocked by:\n\n\u2022 one\n\u2022 two",
        "Blocked by:\n\u2013 one\n\u2013 two",
        "Blocked by:\n-one\n-two",
        "Blocked by:\n2. one\n3. two",
        "Blocked by:\n(a) one\n(b) two",
        "Blocked by:\n- [ ] one\n- [x] two",
        "Blocked by:\n1. [ ] one\n2. [ ] two",
        "Blocked by:\n+ one\n  * two",
        "- Owner: JP\n- Blocked by:\n  - one\n  - two\n- Due: soon",
        "- Owner: JP\n- Blocked by: one\n- **Blocked by**: two\n- Due: soon",
        "- Blocked by:\n- one\n- two",
        "> Blocked by:\n>\n> - one\n> - two",
        "> Blocked by:\n\n- one\n- two",
        "| Blocked by |\n| --- |\n| one |\n| two |",
        "| State | Blocked by |\n| --- | --- |\n| open | one |\n| open | two |",
        "| Field | Value |\n| --- | --- |\n| Owner | JP |\n| Blocked by | one |\n| **Blocked by:** | two |",
        "Blocked by:\n\n| Blocker |\n| --- |\n| one |\n| two |",
        "Status of affairs: fine\nBlocked by: one\nOwner: JP\n\nBlocked by: two",
    ],
)
def test_two_blockers_are_found_however_they_are_written(text: str) -> None:
    assert blockers(text) == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("Blocked by: CTO-WORK-009.", ["CTO-WORK-009."]),
        ("Blocked by CTO-WORK-009.", ["CTO-WORK-009."]),
        ("### Blocked by the vendor", ["the vendor"]),
        ("Blocked by:\n\n- **Legal**\n  - must sign\n\n    twice", ["**Legal**", "must sign"]),
        ("Blocked by:\n\n- # loud\n- ```\n  code\n  ```", ["", ""]),
        ("Blocked by:\n\n| # | What |\n| - | - |\n| 1 | the vendor |", ["1 | the vendor"]),
        ("| Blocked by | the vendor answers |\n| --- | --- |\n| Owner | JP |", ["the vendor answers", "Owner"]),
        ("Blocked by:\n\n- one\n\nNotes:\n\n- aside", ["one"]),
        ("Blocked by:\n\n- one\n\n### Notes\n\n- aside", ["one"]),
        ("Blocked by:\n\n- one\n\nIt takes long.", ["one"]),
        ("Blocked by:\n\n> - one\n>   two", ["one two"]),
    ],
)
def test_what_is_a_blocker_and_what_is_not(text: str, texts: list[str]) -> None:
    assert blockers(text) == texts


@pytest.mark.parametrize(
    "text",
    [
        "The release is\nblocked by the vendor, and\nblocked by others.",
        "Nothing that is blocked by an issue is shown.",
        "```\nBlocked by:\n- x\n```",
        "<!--\nBlocked by:\n- x\n-->",
        "Blocked-by-default rules stay.",
        "- Missing provider blocks before `case_process_started`.",
        "Acceptance tests run nightly.",
        "Blocked by:\n\n### Notes\n\ntext",
    ],
)
def test_prose_and_code_are_no_blockers(text: str) -> None:
    found = issue(text, "ready")
    assert (found.blocked_by, found.acceptance, found.unreadable()) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 3, "A-1 is blocked and names no blocker"),
        ("Blocked by:", 5, "`Blocked by` has no blocker below it"),
        (f"Blocked by:\n\n- {DONE}\n\nBlocked by:\n\n### Notes\n\n- x", 9, "`Blocked by` has no blocker below it"),
        ("Blocked by:\n\n    - x", 7, "text that is indented like code stands under `Blocked by:`"),
        (f"Blocked by:\n\n- {DONE}\n\n      - x", 9, "text that is indented like code stands under `Blocked by:`"),
        ("    Blocked by:\n    - x", 5, "text that is indented like code holds a label of a list"),
        ("Blocked by:\n<ul><li>x</li></ul>", 6, "HTML stands under `Blocked by:`"),
        ("<details><summary>Blocked by</summary>\n\n- x\n\n</details>", 5, "HTML holds a label of a list"),
        ("What it is blocked by:\n\n- x", 5, "this line looks like the label of a list and is not"),
        (
            "Acceptance:\n\n- a\n\nThings that it is blocked by:\n\n- x",
            9,
            "this line looks like the label of a list and is not",
        ),
        (
            f"Blocked by:\n\n- {DONE}\n\n# Top\n\nBlocked by:\n\n- x",
            11,
            "`Blocked by` stands below another heading, and so belongs to no issue",
        ),
        ("### Known blockers\n\n- x", 5, "this line looks like the label of a list and is not"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, line: int, message: str) -> None:
    found = issue(text).unreadable()
    first = HEADER.count("\n")
    assert (found[0].line - first, found[0].message) == (line, message)


def test_a_code_block_or_comment_that_is_never_closed_hides_no_blocker_in_silence() -> None:
    for opening, what in (("```", "a code block"), ("<!--", "a comment")):
        body = f"{HEADER}## A-1 - T\n\nStatus: blocked.\n\nBlocked by:\n\n- {DONE}\n\n{opening}\n\n- x\n"
        (found,) = snapshot({REFERENCE_PATH: body.encode()}).issues()
        assert [unread.message for unread in found.unreadable()] == [
            f"{what} that is never closed stands under `Blocked by:`"
        ]


def test_acceptance_is_read_alike() -> None:
    for text in (
        "**Acceptance criteria**\n\n1. a\n2) b",
        "### Acceptance\n\n- [ ] a\n- [x] b",
        "acceptance:\n\u2022 a\n\u2022 b",
        "Acceptance:\n\nAll of these hold.\n\n- a\n- b",
        "Acceptance:\n- a\n\n<!-- -->\n\n- b\n\nBlocked by: x",
        "| Acceptance | Blocked by |\n| --- | --- |\n| a | x |\n| b | |",
    ):
        assert [bullet.text for bullet in issue(text, "ready").acceptance] == ["a", "b"]


# Spellings put together at random: none may lose a bullet in silence.
WORDS = st.sampled_from(["the vendor answers", "legal signs", "a budget", "CTO-WORK-009", "JP decides"])
NAMES = st.sampled_from(
    ["Blocked by", "blocked by", "BLOCKED BY", "Blocked-by", "Blocked on", "Blockers", "Still blocked by"]
)
WRAPS = st.sampled_from(
    [
        "{}",
        "**{}**",
        "__{}__",
        "*{}*",
        "`{}`",
        "### {}",
        "## {}",
        "> {}",
        "- {}",
        "1. {}",
        "~~{}~~",
        "    {}",
        "<b>{}</b>",
    ]
)
ENDS = st.sampled_from([":", " :", "", "\uff1a", " \u2013", " \u2014", ": ", " ->", ".", "\\:", " (outside):"])
MARKERS = st.sampled_from(
    [
        "- ",
        "* ",
        "+ ",
        "1. ",
        "2) ",
        "- [ ] ",
        "\u2022 ",
        "\u2013 ",
        "  - ",
        "    - ",
        "\t- ",
        "-",
        "> - ",
        "| ",
        "(a) ",
        "<li>",
    ]
)
BETWEEN = st.sampled_from(
    [
        "",
        "\n",
        "\n\n",
        "<!-- x -->\n",
        "\n<!-- x -->\n\n",
        "\n---\n\n",
        "\nsome words\n\n",
        "\n```\ncode\n```\n\n",
        "\nAlso:\n\n",
        "\n> quoted\n\n",
    ]
)
ABOVE = st.sampled_from(
    [
        "",
        "Some words.\n",
        "Some words.\n\n",
        "Acceptance:\n- a\n",
        "Acceptance:\n\n- a\n\n",
        "- Owner: JP\n",
        "# Top\n\n",
        "> quoted\n\n",
    ]
)


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, list[str]]:
    """An issue's text and its blockers; a label that is itself an item of another list is left out."""
    texts = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    above, wrap = draw(ABOVE), draw(WRAPS)
    assume(not (above.startswith("Acceptance") and wrap in ("- {}", "1. {}", "    {}")))
    lines = [above, wrap.format(draw(NAMES) + draw(ENDS)), "\n", draw(BETWEEN)]
    for text in texts:
        lines += [draw(MARKERS), text, "\n", draw(BETWEEN)]
    return "".join(lines), texts


@given(spelled(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_every_blocker_is_found_or_the_finding_is_there(
    spelling: tuple[str, list[str]], end: str, with_another: bool
) -> None:
    text, texts = spelling
    other = f"Blocked by:\n\n- {DONE}\n\n" if with_another else ""
    body = f"{HEADER}## A-1 - T\n\nStatus: blocked.\n\n{other}{text}".replace("\n", end)
    found = next(iter(snapshot({REFERENCE_PATH: body.encode()}).issues()))
    open_ = " ".join(bullet.text for bullet in found.blocked_by if not bullet.settled)
    assert found.unreadable() or all(word in open_ for word in texts), text


@pytest.mark.parametrize("text", ["> " * 5000 + "deep", "- " * 3000 + "deep", "> " * 70 + "Blocked by: x"])
def test_what_is_nested_too_deep_is_not_read_and_keeps_the_issue(text: str) -> None:
    found = [unread.message for unread in issue(text).unreadable()]
    assert "this is nested deeper than 60 levels, and is not read" in found
