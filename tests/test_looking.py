"""`status`, `log` and `show`: where the store stands, what happened, and what is written."""

from __future__ import annotations

import json

import pytest

from samples import ADMISSION_PATH, RECORD_PATH, REFERENCE_PATH, Repository

BLOCKERS = [
    "Human provider approval if an external provider such as Anthropic is selected.",
    "A Case-compatible local provider route if external providers are not approved.",
]


def test_status_before_and_after_the_decision(store: Repository) -> None:
    before = json.loads(store.done("status", "--json"))
    assert (before["in_force"], before["next"]) == ([], "sotctl decide CTO-WORK-020")
    assert before["blocked"][0]["blocked_by"] == [*BLOCKERS, "no admission is in force for CTO-WORK-020"]
    assert store.decide().returncode == 0
    after = json.loads(store.done("status", "--json"))
    assert [(row["provider"], row["model"]) for row in after["in_force"]] == [("openai-codex", "gpt-5.5")]
    assert after["in_force"][0]["approval_source"] == "JP chat approval on 2026-05-31"
    assert after["hooks"] == {"live": 6, "not_live": [], "unguarded": []}
    network = "codex-oauth-hosted-model-plus-local-vllm-fallback"
    assert after["next"] == f"sotctl config networks.{network} --add chatgpt.com"
    store.done("config", f"networks.{network}", "--add", "chatgpt.com")
    assert json.loads(store.done("status", "--json"))["next"].startswith("sotctl stage2 run ")


def test_status_leads_to_what_is_unsafe_first(store: Repository) -> None:
    store.write(".sot/02-ISSUES/notes.md", "no frontmatter\n")
    assert json.loads(store.done("status", "--json"))["next"] == "git add .sot && sotctl commit"
    (store.path / ".git/hooks/pre-commit").unlink()
    found = json.loads(store.done("status", "--json"))
    assert (found["hooks"]["not_live"], found["next"]) == (["pre-commit"], "sotctl hooks install")


@pytest.mark.parametrize("columns", ["40", "80"])
def test_status_fits_its_terminal(store: Repository, columns: str) -> None:
    text = store.done("status", COLUMNS=columns)
    assert max(map(len, text.splitlines())) <= int(columns)
    assert text.splitlines()[-1] == "next      sotctl decide CTO-WORK-020"


@pytest.mark.decided
def test_the_log_tells_the_store_and_keeps_to_what_is_asked(store: Repository) -> None:
    everything = json.loads(store.done("log", "--json"))["events"]
    assert [event["kind"] for event in everything] == ["issue", "issue", "issue", "decision", "admission"]
    pair = json.loads(store.done("log", "gpt-5.5", "--json"))["events"]
    assert {event["commit"] for event in pair} == {everything[-1]["commit"]}
    assert json.loads(store.done("log", "--until", "2020-01-01", "--json"))["events"] == []
    assert [e["kind"] for e in json.loads(store.done("log", "--approver", "jp", "--json"))["events"]] == [
        "decision",
        "admission",
    ]
    assert json.loads(store.done("log", "--approver", "P", "--json"))["events"] == []


@pytest.mark.decided
def test_a_shallow_clone_says_that_the_beginning_is_not_here(store: Repository, tmp_path_factory: object) -> None:
    other = store.path.parent / "shallow"
    store.git("clone", "-q", "--depth", "1", f"file://{store.path}", str(other))
    done = Repository(other).run("log")
    assert done.returncode == 0
    assert "shallow" in done.stderr


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("CTO-WORK-020", REFERENCE_PATH),
        ("020", REFERENCE_PATH),
        ("dr-001", RECORD_PATH),
        ("openai-codex/gpt-5.5", ADMISSION_PATH),
        ("gpt-5.5", ADMISSION_PATH),
    ],
)
@pytest.mark.decided
def test_show_finds_what_a_short_name_means(store: Repository, name: str, path: str) -> None:
    shown = json.loads(store.done("show", name, "--json"))
    assert shown["path"] == path
    assert shown["text"].encode() in store.read(path)


def test_show_says_what_a_name_could_mean(store: Repository) -> None:
    done = store.run("show", "work")
    assert (done.returncode, done.stdout) == (2, "")
    assert "could be CTO-WORK-019, CTO-WORK-020, CTO-WORK-027" in done.stderr


def test_show_at_a_commit_or_a_day(store: Repository) -> None:
    first = store.git("rev-parse", "HEAD").strip()
    store.edit(REFERENCE_PATH, "Case Model Provider Admission PRD", "Another title")
    store.git("commit", "-qam", "Rename")
    assert "Another title" in store.done("show", "019")
    assert "Another title" not in store.done("show", "019", "--at", first)
    done = store.run("show", "019", "--at", "2001-01-01")
    assert (done.returncode, done.stderr.splitlines()[0]) == (3, "error: the history begins after 2001-01-01")
