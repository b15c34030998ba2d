"""The issue grammar, on the reference document and on what could be mistaken for it."""

from __future__ import annotations

import pytest

from samples import REFERENCE, REFERENCE_PATH, snapshot
from sotctl.documents.issues import Issue

HEADER = REFERENCE.partition(b"\n---\n")[0] + b"\n---\n\n"


def issues(body: str) -> list[Issue]:
    return list(snapshot({REFERENCE_PATH: HEADER + body.encode()}).issues())


def rules(body: str) -> list[tuple[str, int]]:
    loaded = snapshot({REFERENCE_PATH: HEADER + body.encode()}).load(REFERENCE_PATH)
    first_body_line = HEADER.count(b"\n")
    return [(finding.rule.id, finding.line - first_body_line) for finding in loaded.findings]


def test_the_reference_document_holds_three_issues() -> None:
    found = list(snapshot({REFERENCE_PATH: REFERENCE}).issues())
    assert [(issue.id, issue.status, issue.line, issue.status_line) for issue in found] == [
        ("CTO-WORK-019", "validated", 16, 18),
        ("CTO-WORK-020", "blocked", 34, 36),
        ("CTO-WORK-027", "validated", 91, 93),
    ]
    assert [len(issue.acceptance) for issue in found] == [9, 9, 13]
    assert [(bullet.line, bullet.text) for bullet in found[1].blocked_by] == [
        (54, "Human provider approval if an external provider such as Anthropic is selected."),
        (55, "A Case-compatible local provider route if external providers are not approved."),
    ]


def test_a_section_about_an_issue_is_no_issue() -> None:
    assert issues("## A-1 Decision Record Template\n\nStatus: draft.\n") == []


@pytest.mark.parametrize("heading", ["# A-1 - T", "### A-1 - T", "###### A-1 - T ##", "A-1 - T\n---"])
def test_a_heading_of_any_level_makes_an_issue(heading: str) -> None:
    assert [(issue.id, issue.title) for issue in issues(f"{heading}\n\nStatus: draft.\n")] == [("A-1", "T")]


@pytest.mark.parametrize(
    "hidden",
    [
        "```\n## A-1 - T\n```",
        "<!--\n## A-1 - T\n-->",
        "    ## A-1 - T",
        "> ## A-1 - T",
        "- ## A-1 - T",
        "~~~md\n## A-1 - T\n~~~",
    ],
)
def test_a_heading_in_code_a_comment_or_a_quotation_is_text(hidden: str) -> None:
    body = f"## B-2 - Real\n\nStatus: draft.\n\n{hidden}\n\nmore text\n"
    assert [issue.id for issue in issues(body)] == ["B-2"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("## A-1 - T\n\ntext\n", [("issue-status-missing", 1)]),
        ("## A-1 - T\n\nStatus: draft.\n\nStatus: ready.\n", [("issue-status-twice", 5)]),
        ("## A-1 - T\n\nStatus: Blocked.\n", [("issue-status-unknown", 3)]),
        ("## A-1 - T\n\nStatus: blocked\n", [("issue-status-unknown", 3)]),
        ("## A-1 - T\n\nStatus: done.\n", [("issue-status-unknown", 3)]),
        ("## A-1 - T\n\nStatus: draft.\n\n## A-1 - U\n\nStatus: draft.\n", [("issue-id-twice", 5)]),
        ("## A-1 - T\n\n```\nStatus: draft.\n```\n", [("issue-status-missing", 1)]),
    ],
)
def test_a_broken_issue_is_a_finding_with_its_line(body: str, found: list[tuple[str, int]]) -> None:
    assert rules(body) == found


def test_a_status_in_capitals_gets_a_suggestion() -> None:
    data = HEADER + b"## A-1 - T\n\nStatus: Blocked.\n"
    messages = [finding.message for finding in snapshot({REFERENCE_PATH: data}).load(REFERENCE_PATH).findings]
    assert "did you mean `blocked`?" in messages[0]


def test_bullets_know_what_they_name_and_whether_they_are_settled() -> None:
    body = (
        "## A-1 - T\n\nStatus: blocked.\n\nBlocked by:\n\n- B-2 and `C-3`\n  on two lines\n- open\n"
        "- done (cleared 2026-05-31: by hand)\n\nStatus of affairs: fine\n"
    )
    bullets = issues(body)[0].blocked_by
    assert [(bullet.number, bullet.names, bullet.settled) for bullet in bullets] == [
        (1, ("B-2", "C-3"), None),
        (2, (), None),
        (3, (), ("2026-05-31", "by hand")),
    ]
    assert bullets[0].text == "B-2 and `C-3` on two lines"


def test_the_end_of_a_bullet_is_where_a_suffix_goes() -> None:
    data = (
        HEADER
        + b"## A-1 - T\n\nStatus: blocked.\n\nBlocked by:\n\n- one\n  two\n\n  second paragraph\n- three\n  - nested\n"
    )
    ends = [bullet.end for bullet in next(iter(snapshot({REFERENCE_PATH: data}).issues())).blocked_by]
    assert [data[:end].rsplit(b"\n", 1)[1].strip() for end in ends] == [b"two", b"- three", b"- nested"]


def test_a_deeper_heading_belongs_to_the_issue_and_the_next_issue_ends_it() -> None:
    body = "## A-1 - T\n\nStatus: draft.\n\n### Notes\n\nAcceptance:\n\n- x\n\n### B-2 - U\n\nStatus: ready.\n"
    assert [(issue.id, len(issue.acceptance)) for issue in issues(body)] == [("A-1", 1), ("B-2", 0)]
