"""The quick reader of simple headers says what PyYAML says, or nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from samples import REFERENCE
from sotctl.documents.strict_yaml import Field, StrictYamlError, parse_any, simple_mapping

KEYS = ["title", "status", "owner", "created", "y", "no", "a1", "Title", "<<", "a b", "é"]
VALUES = [
    *(
        "x",
        "no",
        "null",
        "010",
        "1:30",
        "5.10",
        "2026-05-31",
        "JP #42",
        "a: b",
        "a - b",
        "- a",
        "[a]",
        "{a",
        "'q'",
        '"q"',
    ),
    *(
        "a, b.",
        "(see x)",
        "x ",
        " x",
        "*a",
        "&a b",
        "!t x",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "a.",
        "...",
        "---",
        "é",
        "1e3",
        "on",
    ),
    *(
        "0x1F",
        "0o7",
        ".5",
        "1.",
        "+1",
        "12:30:45",
        "2026-05-31T10:00:00Z",
        "1_000",
        "~",
        "NaN",
        ".inf",
        "a\tb",
        "Y",
        "=",
    ),
]
TEXTS = st.lists(
    st.one_of(
        st.builds("{}: {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)),
        st.builds("{}: {}".format, st.sampled_from(KEYS[:5]), st.text("abcxyz019 ,.()/_+-:#", max_size=8)),
        st.sampled_from(["", " ", "# comment", "  more", "- item", "key:", "key:x", "\r"]),
    ),
    max_size=6,
).map("\n".join)


def slow(text: str) -> dict[str, Field] | None:
    try:
        return parse_any(text)
    except StrictYamlError:
        return None


@given(TEXTS)
def test_the_quick_reader_says_what_the_parser_says(text: str) -> None:
    if (quick := simple_mapping(text)) is not None:
        assert list(quick.items()) == list((slow(text) or {"refused": None}).items() if quick else [])


def test_the_header_of_the_reference_document_is_simple() -> None:
    text = REFERENCE.decode().split("---\n")[1]
    assert simple_mapping(text) == slow(text) != {}
