"""What happened in a store, from git: every kind of event, merges, and a shallow clone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samples import REFERENCE_PATH, Repository
from sotctl.documents.frontmatter import parse
from sotctl.documents.issues import Issue, parse_issues
from sotctl.documents.policy import DEFAULT_MOVES
from sotctl.git.repository import Git, Objects
from sotctl.store.timeline import FileChange, Timeline, events_of, read_timeline, reason

STATUSES = tuple(DEFAULT_MOVES)
DOCUMENT = """\
---
title: T
---

# T

## A-1 - One

Status: {one}.

## A-2 - Two

Status: blocked.

Blocked by:

- A-1{cleared}

## A-3 - Three

Status: draft.
"""


def told(path: Path) -> Timeline:
    objects = Objects(Git(path))
    try:
        return read_timeline(Git(path), objects, ".sot", STATUSES)
    finally:
        objects.close()


def rows(timeline: Timeline) -> list[tuple[str, str, str, str]]:
    return [(event.kind, event.subject, event.what, event.why) for event in timeline.events]


def document(one: str = "draft", cleared: str = "", after: str = "") -> bytes:
    return (DOCUMENT.format(one=one, cleared=cleared) + after).encode()


def changes(before: bytes | None, after: bytes | None) -> list[tuple[str, str, str]]:
    change = FileChange(path=".sot/02-ISSUES/a.md", before=before, after=after)
    return [(event.subject, event.what, event.why) for event in events_of(change, ".sot", STATUSES)]


@pytest.mark.parametrize("more", ["", "\n```\n## A-9 - Text\n\nStatus: ready.\n```\n"])
def test_the_changes_of_a_document_are_those_of_its_issues(more: str) -> None:
    before = document(after=more)
    assert changes(None, before) == [
        ("A-1", "appears as draft", ""),
        ("A-2", "appears as blocked", ""),
        ("A-3", "appears as draft", ""),
    ]
    assert changes(before, document("ready", after=more)) == [("A-1", "draft → ready", "")]
    cleared = document(cleared=" (cleared 2026-01-02: it is done)", after=more)
    assert changes(before, cleared) == [("A-2", "blocker 1 cleared", "it is done")]
    both = document("ready", " (cleared 2026-01-02: it is done)", more)
    assert changes(before, both) == [("A-1", "draft → ready", ""), ("A-2", "blocker 1 cleared", "it is done")]
    assert changes(before, before.replace(b"title: T", b"title: U")) == []
    assert changes(before, before.replace(b"Status: draft.\n", b"Status: ready.\n")) == [
        ("A-1", "draft → ready", ""),
        ("A-3", "draft → ready", ""),
    ]
    renamed = changes(before, before.replace(b"## A-2 - Two", b"## A-4 - Two"))
    assert renamed == [("A-4", "appears as blocked", ""), ("A-2", "taken out", "")]
    assert changes(before, None)[0] == ("A-1", "taken out", "")
    assert changes(b"\xff", before)[0] == ("A-1", "appears as draft", "")


LINES = st.sampled_from(
    [
        "## A-1 - One",
        "# A-2 - Two",
        "#### A-3 - Three",
        "## Notes",
        "Status: ready.",
        "Status: draft.",
        "Blocked by:",
        "- x",
        "- y (cleared 2026-01-01: done)",
        "",
        "",
        "text",
        "---",
        "```",
        "<div>",
        "A-4 - Four",
        "===",
        "> ## A-5 - F",
    ]
)


@settings(max_examples=100)
@given(st.lists(LINES, max_size=14), st.lists(LINES, max_size=4), st.integers(0, 14), st.integers(0, 4))
def test_the_changed_part_tells_what_the_whole_document_tells(
    lines: list[str], new: list[str], start: int, length: int
) -> None:
    before = [line for at, line in enumerate(lines) if line not in lines[:at] or " - " not in line]
    after = (
        before[:start] + [line for line in new if " - " not in line or line not in before] + before[start + length :]
    )
    assume(all(after.count(line) < 2 for line in after if " - " in line))
    texts = [("---\ntitle: T\n---\n" + "\n".join(part)).encode() for part in (before, after)]
    old, whole = ({issue.id: issue for issue in _parsed(text)} for text in texts)
    statuses = [
        (id_, f"{old[id_].status or 'none'} → {whole[id_].status or 'none'}")
        for id_ in whole
        if id_ in old and old[id_].status != whole[id_].status
    ]
    found = changes(texts[0], texts[1])
    assert [(id_, what) for id_, what, _ in found if "→" in what] == statuses
    assert [id_ for id_, what, _ in found if what.startswith("appears")] == [id_ for id_ in whole if id_ not in old]
    assert [id_ for id_, what, _ in found if what == "taken out"] == sorted(old.keys() - whole.keys())


def _parsed(text: bytes) -> tuple[Issue, ...]:
    return parse_issues(parse("a.md", text, header_too=False), STATUSES).issues


@pytest.mark.decided
def test_a_whole_life_is_told_in_order(store: Repository) -> None:
    store.done("issue", "unblock", "CTO-WORK-020", "1", "--because", "JP approved it")
    store.done("admission", "revoke", "--reason", "the account was closed")
    timeline = told(store.path)
    assert timeline.begins == ()
    assert rows(timeline) == [
        ("issue", "CTO-WORK-019", "appears as validated", ""),
        ("issue", "CTO-WORK-020", "appears as blocked", ""),
        ("issue", "CTO-WORK-027", "appears as validated", ""),
        (
            "decision",
            "CTO-WORK-020-DR-001",
            "external_provider_approved openai-codex/gpt-5.5",
            "JP chat approval on 2026-05-31",
        ),
        (
            "admission",
            "openai-codex/gpt-5.5",
            "openai-codex/gpt-5.5 admitted",
            "JP chat approval on 2026-05-31",
        ),
        ("issue", "CTO-WORK-020", "blocker 1 cleared", "JP approved it"),
        ("decision", "CTO-WORK-020-DR-001", "archived", "the account was closed"),
        ("admission", "openai-codex/gpt-5.5", "openai-codex/gpt-5.5 revoked", "the account was closed"),
    ]
    admitted = timeline.events[4]
    assert (admitted.issue, admitted.record, admitted.author) == ("CTO-WORK-020", "CTO-WORK-020-DR-001", "Ada")
    assert admitted.commit == store.git("rev-parse", "HEAD~2").strip()


def test_a_side_branch_is_told_once(store: Repository) -> None:
    store.git("checkout", "-qb", "side")
    store.edit(REFERENCE_PATH, "Status: validated.", "Status: in_progress.")
    store.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "Reopen\n\nThe PRD has a gap.")
    store.git("checkout", "-q", "main")
    store.write("notes.md", "x\n")
    store.git("add", "notes.md")
    store.git("commit", "-qm", "Add notes")
    store.git("-c", "core.hooksPath=/dev/null", "merge", "-q", "--no-edit", "side")
    assert rows(told(store.path))[3:] == [("move", "CTO-WORK-019", "validated → in_progress", "The PRD has a gap.")]


@pytest.mark.decided
def test_a_shallow_clone_says_where_it_begins(store: Repository, tmp_path: Path) -> None:
    store.done("admission", "revoke", "--reason", "the account was closed")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "2", f"file://{store.path}", str(clone)], check=True)
    timeline = told(clone)
    assert timeline.begins == (store.git("rev-parse", "HEAD~1").strip(),)
    assert [event.what for event in timeline.events] == ["archived", "openai-codex/gpt-5.5 revoked"]


def test_a_repository_without_a_commit_has_no_events(empty: Repository) -> None:
    assert told(empty.path) == Timeline(events=())


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("Revoke a/b: it is closed\n\nIssue: X-1\n", "it is closed"),
        ("X-1: blocked -> ready\n\nIt is done.\n\nIssue: X-1\n", "It is done."),
        ("X-1: blocked -> ready\n\nIssue: X-1\n", ""),
        ("subject", ""),
    ],
)
def test_the_reason_is_taken_from_the_message(message: str, why: str) -> None:
    assert reason(message) == why
