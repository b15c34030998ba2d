"""Deciding again, without an issue, and taking a decision back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from samples import ADMITTED, ANSWERS, RECORD_PATH, Repository
from terminal import Terminal

pytestmark = pytest.mark.slow  # each takes little, all together take long


def test_decide_without_an_issue_lists_what_can_be_decided(store: Repository) -> None:
    before = json.loads(store.done("decide", "--json"))["issues"]
    assert [(row["id"], row["status"], row["decided"]) for row in before] == [("CTO-WORK-020", "blocked", None)]
    store.decide()
    assert store.done("decide") == ("CTO-WORK-020  blocked  openai-codex/gpt-5.5\n    sotctl decide CTO-WORK-020\n")


def test_a_decision_that_was_not_pushed_is_taken_back_with_its_answers(store: Repository) -> None:
    before = store.git("rev-parse", "HEAD")
    store.decide()
    store.write("notes.txt", "mine\n")
    done = json.loads(store.done("decide", "--undo", "--json"))
    assert done["record_id"] == "CTO-WORK-020-DR-001"
    assert store.git("rev-parse", "HEAD") == before
    assert not (store.path / RECORD_PATH).exists()
    assert store.read("notes.txt") == b"mine\n"
    draft = json.loads(store.read(".git/sotctl/drafts/CTO-WORK-020.json"))
    assert (draft["provider"], draft["model"]) == ("openai-codex", "gpt-5.5")


def test_what_is_no_decision_or_was_pushed_is_not_taken_back(store: Repository) -> None:
    none = store.run("decide", "--undo")
    assert (none.returncode, none.stderr.splitlines()[0]) == (
        1,
        "error: HEAD is not a decision, so there is nothing to take back",
    )
    store.decide()
    store.git("update-ref", "refs/remotes/origin/main", "HEAD")
    pushed = store.run("decide", "--undo")
    assert pushed.returncode == 1
    assert "CTO-WORK-020-DR-001 was pushed (origin/main has it)" in pushed.stderr


@pytest.mark.decided
def test_a_renewal_begins_with_the_answers_in_force_but_for_the_approval(store: Repository) -> None:
    terminal = Terminal(store.path, "decide", "CTO-WORK-020")
    terminal.answer("? Decision", "enter")
    terminal.answer("? Provider class", "enter")
    terminal.answer("? Model gpt-5.5", "enter")
    terminal.wait("? Approval source")
    assert "? Approval source JP" not in terminal.screen
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


def test_a_renewal_offers_new_days_where_the_review_is_near(store: Repository) -> None:
    store.decide("--set", f"review_trigger=review by {datetime.now(UTC):%Y-%m-%d}")
    said = store.run("due").stdout
    assert "CTO-WORK-020-DR-001  openai-codex/gpt-5.5  review by " in said
    assert said.endswith("next  sotctl decide CTO-WORK-020\n")
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--set", "approval_source=JP chat approval on 2026-05-31")
    for title in ("? Decision", "? Provider class", "? Model gpt-5.5", "? Credential", "? Allowed"):
        terminal.answer(title, "enter")
    terminal.wait(f"? Review trigger\n                  review by {datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


def test_text_that_was_typed_and_not_entered_is_kept(store: Repository) -> None:
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--set", "decision_status=external_provider_approved")
    terminal.answer("? Provider class", "enter")
    terminal.answer("? Model", "gpt-5")
    terminal.wait("? Model gpt-5")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    again = Terminal(store.path, "resume")
    again.wait("? Model gpt-5")
    again.press("ctrl-c")
    assert again.finish() == 130


def test_the_review_fits_a_screen_and_shows_the_diff_in_the_pager(store: Repository) -> None:
    store.done("config", f"networks.{ADMITTED['allowed_network_class']}", "--add", "chatgpt.com")
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), PAGER="cat", NO_COLOR="1")
    terminal.wait("? What now?")
    terminal.wait("Discard the answers")
    assert terminal.screen.splitlines()[0].startswith("Decision ")
    assert "+++" not in terminal.history
    terminal.press("down", "down", "enter")
    terminal.wait("? What now? Show the exact diff")
    terminal.wait("> Change an answer")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    assert f"+++ b/{RECORD_PATH}" in terminal.history


@pytest.mark.decided
@pytest.mark.parametrize("columns", [80, 40])
def test_the_review_of_many_answers_fits_a_small_screen(store: Repository, columns: int) -> None:
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), columns=columns)
    terminal.wait("Discard the answers")
    lines = terminal.screen.splitlines()
    assert lines[0].split() in (["Decision", "external_provider_approved"], ["Decision:", "external_provider_approved"])
    assert len(lines) <= 24
    assert any(line.startswith("Checks: passed") for line in lines)
    assert "Supersedes CTO-WORK-020-DR-001" in terminal.screen
    counted = [line for line in lines if line.endswith("more: Change an answer")]
    assert counted == (["and 4 more: Change an answer"] if columns == 40 else [])
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


def test_a_choice_that_is_too_long_for_the_screen_is_cut_where_one_sees_it(store: Repository) -> None:
    model = ("--set", "model=gpt-5.5-codex-2026-04-23")
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), *model, columns=40)
    terminal.wait("Discard the answers")
    approve = next(line for line in terminal.screen.splitlines() if "Approve: " in line)
    assert (approve[:24], approve[-1], len(approve)) == ("   Approve: type openai-", "…", 40)
    assert terminal.screen.startswith("Decision: ")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


UNUSABLE = (
    ("false", "The editor could not be used: false: Editing failed. The rationale is as it was."),
    ("/nowhere/editor", "The editor could not be used: /nowhere/editor: Editing failed:"),
    ("true", "Nothing was saved in the editor. The rationale is as it was."),
    ("sed -i d", "Nothing was saved in the editor. The rationale is as it was."),
)


@pytest.mark.parametrize(("editor", "said"), UNUSABLE)
def test_an_editor_that_gives_nothing_leaves_the_rationale_and_is_told_in_the_review(
    store: Repository, editor: str, said: str
) -> None:
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), VISUAL=editor, EDITOR=editor)
    terminal.wait("Discard the answers")
    terminal.press("down", "down", "down", "enter")
    terminal.wait("? What now? Change the rationale, in your editor")
    terminal.wait(said[:60])
    terminal.wait("> Change an answer")
    assert said in " ".join(terminal.screen.split())
    assert terminal.screen.splitlines()[0].startswith("Decision ")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    draft = json.loads(store.read(".git/sotctl/drafts/CTO-WORK-020.json"))
    assert draft["rationale"].startswith("The primary path is the hosted Codex model")


def test_a_rationale_is_written_in_the_editor(store: Repository) -> None:
    editor = "sed -i '1i Because it is measured.'"
    terminal = Terminal(store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), VISUAL=editor, EDITOR=editor)
    terminal.wait("Discard the answers")
    terminal.press("down", "down", "down", "enter")
    terminal.wait("Because it is measured.")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


def test_a_pager_that_is_missing_still_shows_the_diff(store: Repository) -> None:
    terminal = Terminal(
        store.path, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), PAGER="/nowhere/pager", NO_COLOR="1"
    )
    terminal.wait("Discard the answers")
    terminal.press("down", "down", "enter")
    terminal.wait("? What now? Show the exact diff")
    terminal.wait("> Change an answer")
    terminal.press("ctrl-c")
    assert terminal.finish() == 130
    assert f"+++ b/{RECORD_PATH}" in terminal.history
