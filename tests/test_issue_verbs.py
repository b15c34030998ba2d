"""The life of an issue on a real repository: moved, undone, reverted, refused, and told again from history."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from samples import ADMISSION_PATH, ANSWERS, REFERENCE, REFERENCE_PATH, Repository
from terminal import Terminal

pytestmark = pytest.mark.slow  # each takes little, all together take long


def status(store: Repository, issue_id: str) -> str:
    issues = json.loads(store.done("issue", "list", "--json"))["issues"]
    return next(issue["status"] for issue in issues if issue["id"] == issue_id)


def test_a_status_move_changes_two_lines_and_no_more(store: Repository) -> None:
    done = store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    assert "--undo" in done
    assert store.git("diff", "HEAD~1", "--numstat").split()[:2] == ["2", "2"]
    assert "reopened" in store.git("log", "-1", "--format=%B")


def test_the_last_move_can_be_undone_and_reverted(store: Repository) -> None:
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    store.done("issue", "status", "CTO-WORK-019", "--undo")
    assert status(store, "CTO-WORK-019") == "validated"
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "again")
    store.git("revert", "--no-edit", "HEAD")
    assert status(store, "CTO-WORK-019") == "validated"
    assert store.run("check", "--range", "HEAD~4..HEAD").returncode == 0


def test_undoing_a_block_takes_the_blocker_away_again(store: Repository) -> None:
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    before = store.read(REFERENCE_PATH)
    store.done("issue", "status", "CTO-WORK-019", "blocked", "--reason", "waiting for JP")
    assert b"- waiting for JP\n" in store.read(REFERENCE_PATH)
    store.done("issue", "status", "CTO-WORK-019", "--undo")
    assert store.read(REFERENCE_PATH) == before


def test_a_move_that_a_merge_brought_is_undone(store: Repository) -> None:
    store.git("checkout", "-qb", "side")
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    store.git("checkout", "-q", "main")
    store.write("other.txt", "other")
    store.git("add", "other.txt")
    store.git("commit", "-qm", "Meanwhile")
    store.git("merge", "-q", "--no-edit", "side")
    store.done("issue", "status", "CTO-WORK-019", "--undo")
    assert status(store, "CTO-WORK-019") == "validated"


def test_the_inverse_of_a_move_keeps_what_was_edited_since_and_takes_no_more_with_it(store: Repository) -> None:
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    store.edit(
        REFERENCE_PATH,
        "Acceptance:\n\n- Records observed",
        "Blocked by:\n\n- JP must agree\n\nAcceptance:\n\n- Records observed",
    )
    store.git("commit", "-qam", "Name what it waits for")
    store.done("issue", "status", "CTO-WORK-019", "blocked", "--reason", "the vendor is down")
    store.edit(REFERENCE_PATH, "Extract the existing", "Now extract the existing")
    store.git("commit", "-qam", "Reword")
    blocked = store.read(REFERENCE_PATH).decode()
    store.edit(REFERENCE_PATH, "- JP must agree\n- the vendor is down\n\n", "")
    store.edit(
        REFERENCE_PATH,
        "## CTO-WORK-019 - Case Model Provider Admission PRD\n\nStatus: blocked.",
        "## CTO-WORK-019 - Case Model Provider Admission PRD\n\nStatus: in_progress.",
    )
    store.git("add", REFERENCE_PATH)
    found = json.loads(store.run("check", "--staged", "--json").stdout)["findings"]
    assert {finding["rule"] for finding in found} == {"status-move"}
    store.git("reset", "-q", "--hard")
    assert store.read(REFERENCE_PATH).decode() == blocked
    store.done("issue", "status", "CTO-WORK-019", "--undo")
    section = store.read(REFERENCE_PATH).decode().partition("## CTO-WORK-020")[0]
    assert "Status: in_progress." in section
    assert "- JP must agree\n" in section
    assert "the vendor is down" not in section
    assert "Now extract" in section


def test_a_status_that_a_store_adds_is_held_by_blockers_and_effect_too(store: Repository) -> None:
    store.write(".sot/sot.toml", '[issues.statuses]\nblocked = ["done", "ready"]\ndone = ["in_progress"]\n')
    store.git("add", ".sot/sot.toml")
    store.git("commit", "-qm", "Add a status")
    refused = store.run("issue", "status", "CTO-WORK-020", "done", "--json")
    obstacles = [one["message"] for one in json.loads(refused.stdout)["obstacles"]]
    assert refused.returncode == 1
    assert [one.split()[0] for one in obstacles] == ["Human", "A", "no"]


def test_a_document_that_is_dated_in_a_zone_ahead_is_not_dated_back(store: Repository) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=14)).date().isoformat()
    store.edit(REFERENCE_PATH, "last_reviewed: 2026-05-31", f"last_reviewed: {ahead}")
    store.git("commit", "-qam", "Review")
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    assert f"last_reviewed: {ahead}\n".encode() in store.read(REFERENCE_PATH)


def test_a_document_without_a_date_of_review_is_a_sentence(store: Repository) -> None:
    store.edit(REFERENCE_PATH, "last_reviewed: 2026-05-31\n", "")
    done = store.run("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    assert (done.returncode, "has no `last_reviewed`" in done.stderr) == (1, True)


def test_undo_without_a_move_is_refused(store: Repository) -> None:
    assert store.run("issue", "status", "CTO-WORK-019", "--undo").returncode == 1


def test_a_refusal_lists_what_is_unmet_with_line_and_command(store: Repository) -> None:
    done = store.run("issue", "status", "CTO-WORK-020", "ready")
    assert done.returncode == 1
    assert f"{REFERENCE_PATH}:54: Human provider approval" in done.stderr
    assert "sotctl issue unblock CTO-WORK-020 2 --because TEXT" in done.stderr
    assert "sotctl decide CTO-WORK-020" in done.stderr
    done = store.run("issue", "status", "CTO-WORK-020", "draft")
    assert "CTO-WORK-020 is blocked and cannot become draft" in done.stderr
    assert "hint: from blocked, an issue may become: in_progress, ready, rejected, superseded, validated" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["CTO-WORK-019", "blokced"], 2, "did you mean `blocked`?"),
        (["CTO-WORK-019", "in_progress"], 2, "needs a reason"),
        (["CTO-WORK-19", "ready"], 3, "did you mean `CTO-WORK-019`?"),
        (["CTO-WORK-020"], 2, "name a status: rejected, superseded"),
    ],
)
def test_a_move_that_cannot_be_asked_for_is_a_sentence(
    store: Repository, arguments: list[str], code: int, words: str
) -> None:
    done = store.run("issue", "status", *arguments)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr


def test_an_issue_is_found_wherever_it_lies_on_disk(store: Repository) -> None:
    store.done("issue", "new", "A-1", "First", "--no-commit")
    store.done("issue", "status", "A-1", "ready", "--no-commit")
    assert status(store, "A-1") == "ready"
    store.git("checkout", "-q", "--", REFERENCE_PATH)
    header = REFERENCE[: REFERENCE.index(b"## CTO-WORK-019")]
    store.write(".sot/02-ISSUES/untracked.md", header + b"## A-2 - Second\n\nStatus: draft.\n")
    assert "A-2" in store.done("issue", "show", "A-2")
    assert store.run("issue", "show", "A-1").returncode == 3
    store.git("mv", REFERENCE_PATH, ".sot/02-ISSUES/moved.md")
    assert json.loads(store.done("issue", "show", "CTO-WORK-019", "--json"))["path"] == ".sot/02-ISSUES/moved.md"


def test_an_id_that_stands_in_two_documents_is_not_moved(store: Repository) -> None:
    store.write(".sot/02-ISSUES/again.md", REFERENCE)
    store.git("add", "-A")
    tree = store.git("write-tree").strip()
    commit = store.git("commit-tree", tree, "-p", "HEAD", "-m", "x").strip()
    store.write(".git/refs/heads/main", f"{commit}\n")  # past every hook
    done = store.run("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "x")
    assert done.returncode == 1
    assert f"CTO-WORK-019 stands in {REFERENCE_PATH}:16 and in .sot/02-ISSUES/again.md:16" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"Status: blocked.", b"Status: ready.", "CTO-WORK-020 cannot leave blocked for ready"),
        (b"Status: blocked.", b"Status: draft.", "cannot become draft"),
        (b"## CTO-WORK-020 - Admit", b"## CTO-WORK-021 - Admit", "CTO-WORK-020 was removed"),
    ],
)
def test_a_status_typed_by_hand_is_held_against_the_same_rules(
    store: Repository, old: bytes, new: bytes, words: str
) -> None:
    store.write(REFERENCE_PATH, REFERENCE.replace(old, new))
    store.git("add", "-A")
    done = store.try_git("commit", "-m", "x")
    assert (done.returncode, words in done.stderr) == (1, True), done.stderr


def test_a_status_in_a_root_commit_is_no_move(store: Repository) -> None:
    store.git("checkout", "-q", "--orphan", "other")
    store.write(REFERENCE_PATH, REFERENCE.replace(b"Status: validated.", b"Status: in_progress."))
    store.git("add", "-A")
    store.git("commit", "-qm", "Another beginning")


def test_validating_needs_acceptance_or_an_override_that_stays_visible(store: Repository) -> None:
    store.done("issue", "status", "CTO-WORK-027", "in_progress", "--reason", "reopened")
    done = store.run("issue", "status", "CTO-WORK-027", "validated")
    assert (done.returncode, "sotctl issue accept CTO-WORK-027 1 --evidence REF" in done.stderr) == (1, True)
    assert store.run("issue", "status", "CTO-WORK-027", "validated", "--override").returncode == 2
    store.done("issue", "status", "CTO-WORK-027", "validated", "--override", "--reason", "decided elsewhere")
    assert "Override: 12 acceptance bullets not met" in store.git("log", "-1", "--format=%B")
    told = store.done("history", "CTO-WORK-027")
    assert "    decided elsewhere\n    override: 12 acceptance bullets not met\n" in told
    events = json.loads(store.done("history", "CTO-WORK-027", "--json"))["events"]
    assert [event["override"] for event in events] == ["", "", "12 acceptance bullets not met"]


@pytest.mark.decided
def test_what_is_still_open_is_what_still_blocks(store: Repository) -> None:
    done = store.done("issue", "accept", "CTO-WORK-027", "11", "--evidence", "run 20260601")
    assert "\nopen    13\n" in done
    store.done("issue", "new", "A-1", "First")
    store.done("issue", "status", "A-1", "blocked", "--reason", "CTO-WORK-019 first")
    shown = store.done("issue", "show", "A-1")
    assert "  [x] 1  CTO-WORK-019 first\n         (validated: CTO-WORK-019)\n" in shown
    assert "A-1 has no open blocker" in store.run("issue", "unblock", "A-1").stderr
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    assert "  [ ] 1  CTO-WORK-019 first\n" in store.done("issue", "show", "A-1")
    blockers = json.loads(store.done("issue", "show", "A-1", "--json"))["blocked_by"]
    assert [(blocker["settled"], blocker["open"]) for blocker in blockers] == [(False, True)]


def test_bullets_are_cleared_and_met_with_a_word(store: Repository) -> None:
    store.done("issue", "unblock", "CTO-WORK-020", "1", "--because", "JP approved")
    store.done("issue", "accept", "CTO-WORK-020", "8", "--evidence", "run 20260601")
    shown = json.loads(store.done("issue", "show", "CTO-WORK-020", "--json"))
    assert [bullet["settled"] for bullet in shown["blocked_by"]] == [True, False]
    assert (shown["acceptance"][7]["met"], "run 20260601" in shown["acceptance"][7]["proof"]) == (True, True)


def test_without_a_number_the_open_blockers_are_listed(store: Repository) -> None:
    store.done("issue", "unblock", "CTO-WORK-020", "1", "--because", "JP approved")
    done = store.run("issue", "unblock", "CTO-WORK-020", "--json")
    assert done.returncode == 2
    assert [blocker["number"] for blocker in json.loads(done.stdout)["blockers"]] == [2]
    assert "\n  2  " in done.stderr
    assert "\n  1  " not in done.stderr
    assert "hint: sotctl issue unblock CTO-WORK-020 2 --because TEXT" in done.stderr
    assert store.run("issue", "unblock", "CTO-WORK-020", "2").returncode == 2
    assert "no open blocker" in store.run("issue", "unblock", "CTO-WORK-019").stderr


@pytest.mark.decided
def test_history_tells_who_did_what_and_why(store: Repository) -> None:
    store.done("issue", "unblock", "CTO-WORK-020", "1", "--because", "approved in DR-001")
    store.git("mv", REFERENCE_PATH, ".sot/02-ISSUES/renamed.md")
    store.git("commit", "-qm", "Rename the document")
    store.done("admission", "revoke", "--reason", "closed")
    events = json.loads(store.done("history", "CTO-WORK-020", "--json"))["events"]
    assert [(event["what"], event["author"]) for event in events] == [
        ("appears as blocked", "Ada"),
        ("CTO-WORK-020-DR-001: external_provider_approved openai-codex/gpt-5.5", "Ada"),
        ("blocker 1 cleared", "Ada"),
        ("CTO-WORK-020-DR-001 archived: openai-codex/gpt-5.5 revoked", "Ada"),
    ]
    assert events[3]["why"] == "closed"
    assert events[1]["why"] == "JP chat approval on 2026-05-31"
    assert events[2]["why"] == "approved in DR-001"


def test_an_issue_is_shown_as_it_stood(store: Repository) -> None:
    store.done("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    assert json.loads(store.done("issue", "show", "CTO-WORK-019", "--at", "HEAD~1", "--json"))["status"] == "validated"
    assert store.run("issue", "show", "CTO-WORK-019", "--at", "nowhere").returncode == 3


def test_lists_filter_sort_and_fit(store: Repository) -> None:
    assert [line.split()[0] for line in store.done("issue", "list", "--status", "blocked").splitlines()] == [
        "CTO-WORK-020"
    ]
    assert len(store.done("issue", "list", "--owner", "jp", "--text", "admission json").splitlines()) == 1
    assert store.done("issue", "list", "--owner", "nobody") == "no issue matches\n"
    assert store.done("issue", "list", "--sort", "status").splitlines()[0].startswith("CTO-WORK-020")
    assert (
        store.done("issue", "list", "--csv")
        .splitlines()[1]
        .startswith("CTO-WORK-019,validated,Case Model Provider Admission PRD,")
    )
    assert all(len(line) <= 40 for line in store.done("issue", "list", COLUMNS="40").splitlines())
    assert store.run("issue", "list", "--status", "open").returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [["issue", "show", "CTO-WORK-020"], ["admission", "list"], ["due"], ["doctor"], ["history", "CTO-WORK-020"]],
    ids=" ".join,
)
@pytest.mark.decided
def test_a_narrow_terminal_is_enough(store: Repository, arguments: list[str]) -> None:
    """Only a path, which is one word, is wider: it stays whole, to be copied."""
    done = store.run(*arguments, COLUMNS="40")
    assert done.stdout != ""
    assert [line for line in done.stdout.splitlines() if len(line) > 40 and " " in line.strip()] == []


@pytest.mark.decided
def test_an_admission_is_listed_with_its_file_and_its_record(store: Repository) -> None:
    lines = [line.strip() for line in store.done("admission", "list").splitlines()]
    assert lines[:2] == ["admitted  openai-codex/gpt-5.5", ADMISSION_PATH]
    assert lines[2].startswith("CTO-WORK-020-DR-001  ")


def test_a_circle_of_blockers_is_found(store: Repository) -> None:
    store.done("issue", "new", "A-1", "First")
    store.done("issue", "status", "A-1", "blocked", "--reason", "A-2 first")
    store.done("issue", "new", "A-2", "Second")
    done = store.run("issue", "status", "A-2", "blocked", "--reason", "A-1 first")
    assert (done.returncode, "blocker-cycle" in done.stderr) == (1, True)
    assert done.stderr.endswith("\n1 error\n")
    assert "A-1 --> A-2" in store.done("issue", "graph", "--format", "mermaid")
    assert '"A-1" -> "A-2"' in store.done("issue", "graph", "--format", "dot")
    assert store.done("issue", "next").splitlines()[:2] == ["A-2  draft  Second", "    unblocks A-1"]


def test_where_nothing_can_be_worked_on_each_issue_says_what_it_waits_for(store: Repository) -> None:
    for line in ("as Anthropic is selected.", "providers are not approved."):
        store.edit(REFERENCE_PATH, line, f"{line} (cleared 2026-05-31: approved)")
    assert store.done("issue", "next").splitlines() == [
        "nothing can be worked on",
        "CTO-WORK-020 waits for:",
        "  - no admission is in force for CTO-WORK-020",
        "  sotctl issue show CTO-WORK-020",
    ]
    store.edit(REFERENCE_PATH, "CTO-WORK-020 - Admit", "OWN-1 - Admit")
    assert store.done("issue", "next").splitlines() == [
        "nothing can be worked on",
        "OWN-1 is blocked and waits for nothing any more:",
        "  sotctl issue status OWN-1",
    ]


def test_a_long_circle_through_several_documents_is_found(store: Repository) -> None:
    header = REFERENCE[: REFERENCE.index(b"# ")].decode()
    for number in range(20):
        section = f"## A-{number} - Step\n\nStatus: blocked.\n\nBlocked by:\n\n- A-{number + 1}\n"
        store.write(f".sot/02-ISSUES/a{number}.md", f"{header}{section}")
    store.write(".sot/02-ISSUES/a20.md", f"{header}## A-20 - Step\n\nStatus: draft.\n")
    store.git("add", "-A")
    store.git("commit", "-qm", "A chain")
    done = store.run("issue", "status", "A-20", "blocked", "--reason", "A-0 first")
    assert (done.returncode, "A-0 waits for A-1 waits for" in done.stderr) == (1, True), done.stderr
    store.done("issue", "status", "A-20", "blocked", "--reason", "CTO-WORK-019 first")


def test_a_blocker_that_names_no_issue_is_a_warning(store: Repository) -> None:
    store.write(
        REFERENCE_PATH,
        REFERENCE.replace(b"- Human provider approval", b"- CTO-WORK-029: human provider approval with SHA-256"),
    )
    done = store.run("check", "--all", "--json")
    assert [(finding["rule"], finding["severity"]) for finding in json.loads(done.stdout)["findings"]] == [
        ("blocker-unknown", "warning")
    ]
    assert done.returncode == 0


def test_due_exits_with_1_when_a_review_is_past(store: Repository) -> None:
    store.run(
        "decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes", "--set", "review_trigger=2099-01-31 at the latest"
    )
    assert store.run("due").returncode == 0
    done = store.run("due", "--as-of", "2099-02-01", "--json")
    assert (done.returncode, json.loads(done.stdout)["due"][0]["when"]) == (1, "past")
    assert store.run("due", "--as-of", "2099-02-30").returncode == 2


def test_on_a_terminal_the_moves_that_are_open_are_offered(store: Repository) -> None:
    terminal = Terminal(store.path, "issue", "status", "CTO-WORK-019")
    terminal.wait("> in_progress")
    assert "superseded" in terminal.screen
    assert "save" not in terminal.screen
    assert "rejected" not in terminal.screen
    terminal.press("enter")
    terminal.answer("Why in_progress?", "reopened", "enter")
    assert terminal.finish() == 0
    assert status(store, "CTO-WORK-019") == "in_progress"
    terminal = Terminal(store.path, "issue", "status", "CTO-WORK-020")
    terminal.wait("cannot move to ready or in_progress or validated yet:")
    assert terminal.screen.count("Human provider approval if an external provider") == 1
    assert "no admission is in force for CTO-WORK-020" in terminal.screen
    terminal.press("ctrl-c")
    assert terminal.finish() == 130


def test_a_move_while_a_merge_is_open_is_refused(store: Repository) -> None:
    store.write(".git/MERGE_HEAD", store.git("rev-parse", "HEAD"))
    done = store.run("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "x")
    assert (done.returncode, "middle of a merge" in done.stderr) == (1, True)
    assert store.read(REFERENCE_PATH) == REFERENCE
