"""Reading is strict: every way in which a header can be read differently is refused, with its rule and its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import NOW, REFERENCE, REFERENCE_PATH, TOKEN, snapshot
from sotctl.documents.frontmatter import parse
from sotctl.findings import RejectedError

HEADER = REFERENCE.partition(b"\n---\n")[0].decode() + "\n---\n"


def findings(data: bytes, path: str = REFERENCE_PATH) -> list[tuple[str, int]]:
    return [(finding.rule.id, finding.line) for finding in snapshot({path: data}).load(path).findings]


def with_line(old: str, new: str) -> bytes:
    assert old in HEADER
    return HEADER.replace(old, new).encode()


def test_the_reference_document_has_no_findings() -> None:
    assert findings(REFERENCE) == []


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"# No header\n", "frontmatter-missing", 1),
        (b"", "frontmatter-missing", 1),
        (b"---\ntitle: a\n", "frontmatter-unclosed", 1),
        (b"\xef\xbb\xbf" + REFERENCE, "encoding-bom", 1),
        (b"--- title: a ---\n", "frontmatter-one-line", 1),
        (b"----\ntitle: a\n----\n", "frontmatter-boundary", 1),
        (b"---\n- a\n- b\n---\n", "frontmatter-not-mapping", 2),
        (b"---\nonly text\n---\n", "frontmatter-not-mapping", 2),
        (with_line("route: cto", "route: cto\nroute: other"), "yaml-duplicate-key", 10),
        (with_line("route: cto", 'route: cto\n"route": other'), "yaml-duplicate-key", 10),
        (with_line("owner: jp", "owner: &a jp"), "yaml-anchor", 5),
        (with_line("owner: jp", "owner: *a"), "yaml-alias", 5),
        (with_line("owner: jp", "<<: {owner: jp}"), "yaml-merge-key", 5),
        (with_line("owner: jp", "owner: !!binary aGVsbG8="), "yaml-tag", 5),
        (with_line("owner: jp", "owner: !!python/object/apply:os.system [ls]"), "yaml-tag", 5),
        (with_line("owner: jp", "owner: no"), "yaml-ambiguous", 5),
        (with_line("owner: jp", "owner: 010"), "yaml-ambiguous", 5),
        (with_line("owner: jp", "owner: 2026-05-31"), "yaml-ambiguous", 5),
        (with_line("title: CTO Case Model Provider Admission Issues", "title: 2026-05-31"), "yaml-ambiguous", 2),
        *((with_line("owner: jp", f"owner: {word}"), "yaml-ambiguous", 5) for word in ("y", "N", "on", "Off")),
        (with_line("owner: jp", "owner: 1:30"), "yaml-ambiguous", 5),
        (with_line("owner: jp", "owner: 5.10"), "yaml-ambiguous", 5),
        (with_line("owner: jp", "owner: 1e3"), "yaml-ambiguous", 5),
        (with_line("owner: jp", "owner: ~"), "yaml-ambiguous", 5),
        (with_line("owner: jp", "owner: JP #42"), "yaml-ambiguous", 5),
        (with_line("owner: jp", "owner: {a: {b: {c: {d: {e: f}}}}}"), "yaml-too-deep", 5),
        (with_line("owner: jp", "owner: [a"), "yaml-invalid", 6),
        (with_line("owner: jp", "? [a, b]\n: c"), "yaml-key", 5),
        (with_line("owner: jp", "owner: jp\n--- more: text"), "yaml-document", 6),
        (with_line("owner: jp", "owner: jp\u0085x"), "character-forbidden", 5),
        (with_line("owner: jp", "owner: jp\u2028x"), "character-forbidden", 5),
        (with_line("owner: jp", "owner: jp\u202ex"), "character-forbidden", 5),
        (REFERENCE + b"\0", "character-forbidden", REFERENCE.count(b"\n") + 1),
        (REFERENCE.decode().encode("utf-16"), "encoding-not-utf8", 1),
        (REFERENCE.decode().encode("utf-16-le"), "encoding-not-utf8", 1),
        (REFERENCE + b"\xff", "encoding-not-utf8", REFERENCE.count(b"\n") + 1),
        (b"---\n" + b"a" * (50 << 20), "document-too-large", 1),
        (with_line("created: 2026-05-31", "created: 2026-13-45"), "date-invalid", 6),
        (with_line("created: 2026-05-31", "created: 2026-06-01"), "date-order", 7),
        (with_line("last_reviewed: 2026-05-31", "last_reviewed: 2026-06-03"), "date-in-future", 7),
        (with_line("owner: jp", "ower: jp"), "field-unknown", 5),
        (with_line("status: draft", "status: drafted"), "field-value", 3),
        (with_line("owner: jp", "owner: [jp]"), "field-type", 5),
        (with_line("owner: jp", "owner:"), "field-missing", 5),
        (with_line("owner: jp\n", ""), "field-missing", 1),
    ],
)
def test_a_bad_header_is_refused_with_its_rule_and_line(data: bytes, rule: str, line: int) -> None:
    assert (rule, line) in findings(data)


def test_a_billion_laughs_are_refused_before_they_grow() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"] + [f"{c}: &{c} [*{p}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)]
    assert findings(("---\n" + "\n".join(lines) + "\n---\n").encode()) == [("yaml-anchor", 2)]


def test_a_line_of_ten_megabytes_is_refused_in_a_sentence() -> None:
    assert findings(b"---\ntitle: " + b"x" * (10 << 20) + b"\n---\n") == [("document-too-large", 1)]


def test_all_problems_are_reported_at_once() -> None:
    data = HEADER.replace("owner: jp", "ower: jp").replace("status: draft", "status: drft").encode()
    assert findings(data) == [("field-missing", 1), ("field-value", 3), ("field-unknown", 5)]


def test_a_misspelt_field_and_value_get_a_suggestion() -> None:
    data = HEADER.replace("owner: jp", "ower: jp").replace("status: draft", "status: drft").encode()
    messages = [finding.message for finding in snapshot({REFERENCE_PATH: data}).load(REFERENCE_PATH).findings]
    assert any("did you mean `owner`?" in message for message in messages)
    assert any("did you mean `draft`?" in message for message in messages)


def test_a_secret_in_a_value_is_never_shown() -> None:
    data = with_line("status: draft", f"status: {TOKEN}")
    shown = " ".join(finding.message for finding in snapshot({REFERENCE_PATH: data}).load(REFERENCE_PATH).findings)
    assert TOKEN not in shown
    assert "withheld" in shown


@pytest.mark.parametrize(
    "data",
    [
        REFERENCE.replace(b"\n", b"\r\n"),
        REFERENCE.replace(b"\n", b"\r\n", 7),
        REFERENCE.rstrip(b"\n"),
        REFERENCE.replace(b"owner: jp", b"owner: jp  # who answers"),
        REFERENCE.replace(b"owner: jp", b"owner: 'jp'"),
        REFERENCE.replace(b"owner: jp", b'owner: "no"'),
        REFERENCE.replace(b"created: 2026-05-31", b"created: '2026-05-31'"),
        REFERENCE.replace(b"owner: jp", b"owner: '2026-05-31'"),
    ],
)
def test_line_ends_comments_and_quotes_are_accepted(data: bytes) -> None:
    assert findings(data) == []


def test_a_field_that_the_store_allows_is_no_finding() -> None:
    from sotctl.documents.policy import Policy

    data = with_line("route: cto", "route: cto\nteam: core")
    assert findings(data) == [("field-unknown", 10)]
    allowed = snapshot({REFERENCE_PATH: data}, policy=Policy(extra_frontmatter=("team",)))
    assert allowed.load(REFERENCE_PATH).findings == ()


def test_a_governed_field_stays_governed_where_the_store_allows_its_name() -> None:
    from sotctl.documents.policy import Policy

    policy = Policy(extra_frontmatter=("status", "owner"))
    data = with_line("status: draft", "status: anything").replace(b"owner: jp\n", b"")
    found = snapshot({REFERENCE_PATH: data}, policy=policy).load(REFERENCE_PATH).findings
    assert [finding.rule.id for finding in found] == ["field-missing", "field-value"]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused_and_kept(tail: bytes) -> None:
    for data in (tail, b"---\n" + tail + b"\n---\n", HEADER.encode() + tail):
        try:
            document = parse("x.md", data)
        except RejectedError as error:
            assert all(finding.line >= 1 and finding.rule.id for finding in error.findings)
        else:
            assert document.source == data
            assert document.source.endswith(document.body)


def test_dates_are_future_only_after_the_last_zone_has_reached_them() -> None:
    from datetime import datetime

    from sotctl.documents.dates import has_passed, is_after

    early = datetime(2026, 6, 1, 9, 59, tzinfo=NOW.tzinfo)
    late = datetime(2026, 6, 1, 10, 0, tzinfo=NOW.tzinfo)
    tomorrow = datetime(2026, 6, 2, tzinfo=NOW.tzinfo)
    assert is_after(tomorrow.date(), early)
    assert not is_after(tomorrow.date(), late)
    assert not has_passed(late.date(), late)
    assert has_passed(late.date(), tomorrow)


CONFLICT = "<<<<<<< HEAD\nStatus: blocked.\n=======\nStatus: ready.\n>>>>>>> other\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_conflict_that_a_merge_left_is_refused_with_its_line(ending: str) -> None:
    text = HEADER + "\n## A-1 - One\n\n" + CONFLICT
    assert findings(text.replace("\n", ending).encode()) == [("conflict-marker", HEADER.count("\n") + 4)]


@pytest.mark.parametrize(
    "body",
    [
        f"```\n{CONFLICT}```\n",
        "A title\n=======\n",
        "<<<<<<< HEAD\nis how a conflict begins\n",
        "> <<<<<<< HEAD\n> =======\n> >>>>>>> other\n",
    ],
)
def test_what_only_tells_of_conflicts_is_text(body: str) -> None:
    text = f"{HEADER}\n{body}\n## A-1 - One\n\nStatus: blocked.\n"
    assert findings(text.encode()) == []
