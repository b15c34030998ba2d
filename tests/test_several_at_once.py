"""Several bullets or issues at once: one commit for what is one thought, at a prompt and without."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from samples import REFERENCE_PATH, Repository, document
from terminal import Terminal

pytestmark = pytest.mark.slow  # each takes little, all together take long

BLOCKED = document(
    """\
# Work

## A-1 - First

Status: blocked.

**Blocked by** one

| Blocked by | Since |
| --- | --- |
| two | May |

Acceptance:

1. a
2. b
   - c

## B-2 - Second

Status: ready.

## C-3 - Third

Status: ready.
"""
)
PATH = ".sot/02-ISSUES/work.md"


@pytest.fixture
def work(store: Repository) -> Repository:
    store.write(PATH, BLOCKED)
    store.git("add", "-A")
    store.git("commit", "-qm", "Add work")
    return store


def commits(store: Repository) -> int:
    return int(store.git("rev-list", "--count", "HEAD"))


def test_blockers_are_cleared_together_wherever_they_are_written(work: Repository) -> None:
    before = commits(work)
    told = work.done("issue", "unblock", "A-1", "1-2", "--because", "both done")
    assert told.startswith("A-1  blocker 1, 2 cleared\ncommit  ")
    assert commits(work) == before + 1
    assert work.git("log", "-1", "--format=%s") == "A-1: blockers 1 and 2 cleared\n"
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    after = BLOCKED.replace("by** one", f"by** one (cleared {day}: both done)").replace(
        "| two", f"| two (cleared {day}: both done)"
    )
    assert work.read(PATH).decode() == after.replace("last_reviewed: 2026-05-31", f"last_reviewed: {day}")
    work.done("issue", "status", "A-1", "ready")


def test_all_open_blockers_are_cleared_at_once(work: Repository) -> None:
    work.done("issue", "unblock", "A-1", "2", "--because", "x")
    assert json.loads(work.done("issue", "unblock", "A-1", "--all", "--because", "y", "--json"))["bullets"] == [1]
    assert "A-1 has no open blocker" in work.run("issue", "unblock", "A-1", "--all", "--because", "y").stderr


REFUSED = (
    ("unblock A-1 3 --because x", "A-1 has no blocker 3; there are 1 and 2"),
    ("unblock A-1 1-9 --because x", "A-1 has no blocker 3, 4, 5, 6, 7 and more; there are 1 and 2"),
    ("unblock A-1 2-1 --because x", "'2-1' is not a range of bullets"),
    ("unblock A-1 one --because x", "'one' is not the number of a bullet"),
    ("unblock A-1 --all 1 --because x", "--all and a number do not go together"),
    ("unblock A-1 1 2", "say why the blocker is gone"),
    ("accept A-1 0 --evidence x", "'0' is not a range of bullets"),
    ("accept A-1 4 --evidence x", "A-1 has no acceptance 4; there are 1, 2 and 3"),
    ("accept A-1 1 3", "name the evidence"),
    ("accept A-1", "name the acceptance bullets of A-1 that are met"),
    ("status A-1 B-2", "name the status to move them to"),
    ("status B-2 C-3 --undo", "--undo takes the move of one issue back"),
    ("status B-2 C-3 validated --override --reason x", "--override passes over the acceptance of one issue"),
    ("status B-2 C-3 redy", "there is no status redy"),
)


def test_what_cannot_be_done_is_one_sentence_and_nothing_is_written(work: Repository) -> None:
    for line, said in REFUSED:
        done = work.run("issue", *line.split())
        assert (done.returncode, said in done.stderr.replace('"', "'").replace("`", "'")) == (2, True), done.stderr
    assert work.git("status", "--porcelain") == ""


def test_a_text_that_a_table_would_cut_is_refused(work: Repository) -> None:
    done = work.run("issue", "unblock", "A-1", "2", "--because", "JP | legal")
    assert (done.returncode, "would not be read as the end of the bullet" in done.stderr) == (1, True)
    assert work.read(PATH) == BLOCKED.encode()


def test_acceptance_is_met_together(work: Repository) -> None:
    assert work.done("issue", "accept", "A-1", "1", "3", "--evidence", "run 7").startswith("A-1  acceptance 1, 3 met\n")
    shown = json.loads(work.done("issue", "show", "A-1", "--json"))["acceptance"]
    assert [bullet["met"] for bullet in shown] == [True, None, True]


def test_issues_are_moved_together_or_not_at_all(work: Repository) -> None:
    before = commits(work)
    done = work.run("issue", "status", "B-2", "A-1", "in_progress")
    assert (done.returncode, "A-1 cannot leave blocked for in_progress yet" in done.stderr) == (1, True)
    assert commits(work) == before
    told = work.done("issue", "status", "B-2", "C-3", "in_progress")
    assert told.startswith("B-2  ready -> in_progress\nC-3  ready -> in_progress\ncommit  ")
    assert commits(work) == before + 1
    assert work.git("log", "-1", "--format=%s") == "B-2, C-3: -> in_progress\n"
    assert "B-2: ready -> in_progress" in work.git("log", "-1", "--format=%b")
    work.done("issue", "status", "C-3", "--undo")


@pytest.mark.decided
def test_the_checklist_offers_what_proves_and_takes_nothing_for_granted(store: Repository) -> None:
    terminal = Terminal(store.path, "issue", "accept", "CTO-WORK-020", rows=60)
    terminal.wait("Which acceptance of CTO-WORK-020 is met?")
    assert "(proof: CTO-WORK-020-DR-001)" in terminal.screen
    terminal.press(" ", "down", "down", " ", "enter")
    terminal.answer("Evidence for 3", "run 20260601", "enter")
    assert terminal.finish() == 0
    shown = json.loads(store.done("issue", "show", "CTO-WORK-020", "--json"))["acceptance"]
    assert [(at, bullet["proof"].partition(": ")[2]) for at, bullet in enumerate(shown, 1) if bullet["settled"]] == [
        (1, "CTO-WORK-020-DR-001"),
        (3, "run 20260601"),
    ]


@pytest.mark.decided
def test_the_reason_and_the_evidence_that_are_known_are_offered(store: Repository) -> None:
    terminal = Terminal(store.path, "issue", "unblock", "CTO-WORK-020", "1")
    terminal.answer("? Why?\n        CTO-WORK-020-DR-001", "down", "enter")
    assert terminal.finish() == 0
    terminal = Terminal(store.path, "issue", "accept", "CTO-WORK-020")
    terminal.answer("Which acceptance of CTO-WORK-020 is met?", *["down"] * 8, " ", "enter")
    terminal.answer("? Evidence for 9\n", "down")
    terminal.wait("at the end of: 9 No Target\nRepository path is inspected or copied.")
    terminal.press("enter")
    assert terminal.finish() == 0
    shown = json.loads(store.done("issue", "show", "CTO-WORK-020", "--json"))
    assert shown["acceptance"][8]["proof"].endswith(": CTO-WORK-020-DR-001")
    assert shown["blocked_by"][0]["text"].startswith("Human provider approval")


def test_a_checklist_that_is_left_writes_nothing(work: Repository) -> None:
    for keys in (("ctrl-c",), ("ctrl-d",), ("enter",), (" ", "ctrl-c")):
        terminal = Terminal(work.path, "issue", "accept", "A-1")
        terminal.answer("Which acceptance of A-1 is met?", *keys)
        assert terminal.finish() == 130
    assert work.read(PATH) == BLOCKED.encode()


def test_two_people_who_accept_at_once_lose_nothing(work: Repository) -> None:
    terminal = Terminal(work.path, "issue", "accept", "A-1")
    terminal.wait("Which acceptance of A-1 is met?")
    work.done("issue", "accept", "A-1", "1", "--evidence", "the other")
    terminal.press(" ", "down", " ", "enter")
    terminal.answer("Evidence for 1, 2", "mine", "enter")
    assert terminal.finish() == 0
    assert "acceptance 1 was marked meanwhile: the other" in terminal.history
    shown = json.loads(work.done("issue", "show", "A-1", "--json"))["acceptance"]
    assert [bullet["proof"].partition(": ")[2] for bullet in shown] == ["the other", "mine", ""]


def test_a_blocked_issue_is_offered_to_clear_a_blocker_first(work: Repository) -> None:
    terminal = Terminal(work.path, "issue", "status", "A-1")
    terminal.wait("> clear a blocker")
    assert "validated also waits for:" in terminal.screen
    terminal.press("enter")
    terminal.answer("Which blockers of A-1 are gone?", " ", "enter")
    terminal.answer("Why?", "done", "enter")
    assert terminal.finish() == 0
    assert b"**Blocked by** one (cleared " in work.read(PATH)


def test_only_moves_that_would_succeed_are_offered(store: Repository) -> None:
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    done = store.run("issue", "status", "CTO-WORK-019")
    assert "name a status: blocked, rejected, superseded" in done.stderr
    assert "9 acceptance bullets are not met: `sotctl issue accept CTO-WORK-019`" in done.stderr
    assert store.git("status", "--porcelain", "--", REFERENCE_PATH) == ""
