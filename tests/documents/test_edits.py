"""An edit changes the bytes of the value it names, and no others."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from samples import REFERENCE, REFERENCE_PATH
from sotctl.documents.edits import apply_edits, header, scalar, set_field
from sotctl.documents.frontmatter import parse
from sotctl.documents.issues import parse_issues
from sotctl.documents.policy import DEFAULT_MOVES
from sotctl.documents.strict_yaml import StrictYamlError, parse_mapping, plain
from sotctl.findings import RejectedError

VARIANTS = {
    "as it is": REFERENCE,
    "CRLF": REFERENCE.replace(b"\n", b"\r\n"),
    "mixed line ends": REFERENCE.replace(b"\n", b"\r\n", 9),
    "no last newline": REFERENCE.rstrip(b"\n"),
    "quoted values": REFERENCE.replace(b"last_reviewed: 2026-05-31", b"last_reviewed: '2026-05-31'  # kept"),
    "non-ASCII before": REFERENCE.replace(b"title: CTO", "title: Ärger – CTO".encode()),
    "fence and comment": REFERENCE.replace(
        b"\n# CTO", b"\n```\n## CTO-WORK-020 - no\n```\n<!--\n## A-1 - no\n-->\n# CTO"
    ),
}


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS)
def test_a_status_and_a_date_change_and_nothing_else(data: bytes) -> None:
    document = parse(REFERENCE_PATH, data)
    issues = parse_issues(document, tuple(DEFAULT_MOVES))
    issue = issues.find("CTO-WORK-020")
    assert issue is not None
    assert issues.findings == ()
    edited = apply_edits(data, [(*issue.status_span, b"ready"), set_field(document, "last_reviewed", "2026-06-01")])
    before, after = data.split(b"\n"), edited.split(b"\n")
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [old.replace(b"2026-05-31", b"2026-06-01").replace(b"blocked.", b"ready.") for old, _ in changed] == [
        new for _, new in changed
    ]
    assert len(changed) == 2


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS)
def test_a_document_without_an_edit_keeps_its_bytes(data: bytes) -> None:
    assert apply_edits(parse(REFERENCE_PATH, data).source, []) == data


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits(b"abcdef", [(0, 3, b"x"), (2, 4, b"y")])


def test_an_empty_value_gets_a_space_before_its_new_text() -> None:
    document = parse("x.md", b"---\na:\nb: c\n---\n")
    assert apply_edits(document.source, [set_field(document, "a", "new")]) == b"---\na: new\nb: c\n---\n"


LINES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufeff"), min_size=1, max_size=40
).filter(lambda text: text == text.strip())


@given(LINES)
def test_a_scalar_that_is_written_is_read_back_as_the_same_text_on_one_line(text: str) -> None:
    for style in ("", "'", '"'):
        written = scalar(text, style=style)
        assert "\n" not in written
        assert plain(parse_mapping(f"key: {written}\nitems:\n  - {written}\n")) == {"key": text, "items": [text]}


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z_]{0,12}", fullmatch=True), LINES | st.lists(LINES, max_size=3), min_size=1
    )
)
def test_a_header_that_is_written_is_read_back(values: dict[str, str | list[str]]) -> None:
    assume(not {"no", "on", "off", "yes", "true", "false", "null", "y", "n"} & set(values))
    text = header(values)
    try:
        document = parse("x.md", text.encode())
    except RejectedError as error:  # characters that no governed document may hold
        assert {finding.rule.id for finding in error.findings} == {"character-forbidden"}
    else:
        assert document.values == values


@given(st.data())
def test_any_field_can_be_set_and_the_rest_stays(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.from_regex(r"[a-z]{3,8}x", fullmatch=True), min_size=2, max_size=5, unique=True))
    written = [
        data.draw(st.sampled_from(["plain", "'single'", '"double"', "tail  # comment", "", "a: b".join('""')]))
        for _ in names
    ]
    source = (
        "---\r\n"
        + "\r\n".join(f"{name}: {value}" for name, value in zip(names, written, strict=True))
        + "\r\n---\nbody"
    )
    document = parse("x.md", source.encode())
    target, value = data.draw(st.sampled_from(names)), data.draw(LINES)
    try:
        edited = parse("x.md", apply_edits(document.source, [set_field(document, target, value)]))
    except RejectedError as error:
        assert {finding.rule.id for finding in error.findings} == {"character-forbidden"}
        return
    assert edited.values == {**document.values, target: value}
    start, end = document.value_span(target)
    assert edited.source.startswith(document.source[:start])
    assert edited.source.endswith(document.source[end:])


def test_a_date_is_quoted_where_none_is_meant() -> None:
    written = header({"owner": "2026-05-31", "created": "2026-05-31", "review_trigger": "2026-05-31"})
    assert written == '---\nowner: "2026-05-31"\ncreated: 2026-05-31\nreview_trigger: 2026-05-31\n---\n'


def test_a_key_that_is_ambiguous_yaml_is_refused_as_a_value() -> None:
    with pytest.raises(StrictYamlError):
        parse_mapping("k: off")
