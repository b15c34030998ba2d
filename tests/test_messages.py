"""What the verbs say: the next command works as it is printed, and nothing is said that is not so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from samples import ADMISSION_PATH, REFERENCE, REFERENCE_NAME, Repository


def test_init_names_what_it_made_and_the_step_that_is_left(empty: Repository) -> None:
    first = " ".join(empty.done("init").split())
    assert "created .sot/01-DECISIONS/, .sot/02-ISSUES/, .sot/03-PROTOCOLS/, .sot/04-EVIDENCE/," in first
    assert first.endswith('next git add .sot && git commit -m "Add the store" && sotctl issue new WORK-001 "A title"')
    empty.write(f".sot/02-ISSUES/{REFERENCE_NAME}", REFERENCE)
    assert (
        empty.done("init").splitlines()[-1] == 'next    git add .sot && git commit -m "Add the store" && sotctl status'
    )


def test_help_is_a_verb_too(empty: Repository) -> None:
    assert empty.done("help") == empty.done("--help")
    assert empty.done("help", "issue", "show") == empty.done("issue", "show", "--help")
    assert empty.run("help", "shwo").stderr.startswith("error: there is no verb `shwo`")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["issue", "unblock"], "error: missing argument `ISSUE`\n"),
        (["check", "--all", "--frmat"], "error: no such option `--frmat`; did you mean `--format`?\n"),
        (["check", "--all", "--format", "xml"], "error: there is no format `xml`; known: github, json, sarif, text\n"),
        (["schema", "frob"], "error: there is no kind `frob`\n"),
        (
            ["issue", "status", "CTO-WORK-020", "rejected"],
            "error: moving CTO-WORK-020 from blocked to rejected needs a reason\n"
            "hint: sotctl issue status CTO-WORK-020 rejected --reason TEXT\n",
        ),
        (
            ["issue", "unblock", "CTO-WORK-020", "7", "--because", "x"],
            "error: CTO-WORK-020 has no blocker 7; there are 1 and 2\n",
        ),
        (["import", "conf.txt"], "hint: name a folder or a Markdown file\n"),
        (["import", "conf.md"], "error: conf.md holds no decision record\n"),
        (["due", "--as-of", "soon"], "hint: sotctl due --as-of 2027-01-31\n"),
        (["log", "--since", "soon"], "hint: sotctl log --since 2027-01-31\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_one_sentence_with_a_way_out(store: Repository, arguments: list[str], said: str) -> None:
    store.write("conf.txt", "plain\n")
    store.write("conf.md", "plain\n")
    assert said in store.run(*arguments).stderr


def test_a_store_that_is_named_and_is_none_says_so(store: Repository, tmp_path: Path) -> None:
    done = store.run("issue", "list", SOTCTL_STORE=str(tmp_path / "nope"))
    assert (done.returncode, "hint: name a directory that holds .sot, or run sotctl init there\n" in done.stderr) == (
        3,
        True,
    )


def test_missing_answers_are_a_list_for_a_program(store: Repository) -> None:
    document = json.loads(store.run("decide", "CTO-WORK-020", "--json").stdout)
    assert {"field": "provider_class", "message": "`provider_class` is missing"} in document["problems"]


def test_a_run_that_is_no_evidence_is_named(store: Repository) -> None:
    folder = store.path / "a run"
    folder.mkdir()
    done = store.run("evidence", "record", "a run", "--issue", "CTO-WORK-020")
    assert f"hint: sotctl evidence verify '{folder}'\n" in done.stderr


def test_an_import_is_checked_before_anybody_is_asked(store: Repository) -> None:
    flat = " ".join(REFERENCE.decode().split("\n"))
    store.write("flat.md", flat)
    done = store.run("import", "flat.md", "--as", "TWICE.md")
    assert done.returncode == 1
    assert "issue-id-twice" in done.stderr
    assert done.stdout == ""


def test_what_is_settled_is_called_by_its_list(store: Repository) -> None:
    assert "CTO-WORK-020  blocker 1 cleared\n" in store.done("issue", "unblock", "CTO-WORK-020", "1", "--because", "x")
    assert store.git("log", "-1", "--format=%s") == "CTO-WORK-020: blocker 1 cleared\n"
    assert "CTO-WORK-020  acceptance 1 met\n" in store.done("issue", "accept", "CTO-WORK-020", "1", "--evidence", "x")
    assert store.git("log", "-1", "--format=%s") == "CTO-WORK-020: acceptance 1 met\n"
    done = store.run("issue", "unblock", "CTO-WORK-020", "1", "--because", "x")
    assert "blocker 1 of CTO-WORK-020 was marked on" in done.stderr


def test_nothing_to_work_on_says_what_is_waited_for(store: Repository) -> None:
    lines = store.done("issue", "next").splitlines()
    assert lines[:2] == ["nothing can be worked on", "CTO-WORK-020 waits for:"]
    assert lines[-1] == "  sotctl issue show CTO-WORK-020"
    assert "Human provider approval" in lines[2]


@pytest.mark.decided
def test_an_admission_that_is_broken_is_called_broken(store: Repository) -> None:
    assert "broken" not in store.done("admission", "list")
    assert store.done("admission", "show").splitlines()[-1] == "in force, no findings"
    store.write(ADMISSION_PATH, store.read(ADMISSION_PATH).replace(b'"JP chat', b'"XY chat'))
    command = f"sotctl admission show {ADMISSION_PATH}"
    assert f"  broken: {command}\n" in store.done("admission", "list")
    assert store.run(*command.split()[1:]).returncode == 1


@pytest.mark.decided
def test_a_revocation_says_what_comes_next(store: Repository) -> None:
    assert (
        store.done("admission", "revoke", "--reason", "closed").splitlines()[-1]
        == "next     sotctl decide CTO-WORK-020"
    )
    assert store.done("admission", "show", "openai-codex/gpt-5.5").splitlines()[-1] == "revoked, no findings"


def test_a_review_that_is_past_names_its_decision(store: Repository) -> None:
    store.decide("--set", "review_trigger=2099-01-31")
    done = store.run("due", "--as-of", "2099-02-02")
    assert (done.returncode, done.stdout.splitlines()[-1].split()) == (1, ["next", "sotctl", "decide", "CTO-WORK-020"])


def test_a_commit_that_no_branch_holds_is_said_to_be_one(store: Repository) -> None:
    told = "HEAD is detached; no branch holds this commit yet\n"
    move = ("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")
    store.git("checkout", "-q", "--detach")
    assert store.run(*move, "--dry-run").stderr == ""
    assert store.run(*move).stderr == told
    store.git("checkout", "-q", "main")
    assert store.run(*move).stderr == ""


def test_hooks_that_are_gone_are_said_to_be_gone(store: Repository) -> None:
    mine = store.write(".git/hooks/post-commit", "#!/bin/sh\n")
    assert store.done("hooks", "uninstall").splitlines()[0] == "removed  commit-msg"
    assert store.done("hooks", "uninstall") == "no hook of sotctl was there\n"
    assert mine.exists()


def test_what_a_server_lacks_is_installed_as_it_says(store: Repository) -> None:
    said = store.run("doctor", "--server").stdout
    fixes = [line.split("fix", 1)[1].split() for line in said.splitlines() if "    fix " in line]
    assert fixes == [["sotctl", "hooks", "install", "--server", "--repo", str(store.path)]]
    store.done(*fixes[0][1:])
    assert "0 open ways past the gate\n" in store.done("doctor", "--server")


@pytest.mark.decided
def test_the_gate_says_each_thing_once(store: Repository) -> None:
    pair = ("--provider", "openai-codex", "--model", "gpt-5.5")
    assert store.done("gate", "--admission-file", ADMISSION_PATH, *pair).count("openai-codex/gpt-5.5") == 1
    store.write("bad.json", '{"status": "x"}')
    bad = store.run("gate", "--admission-file", "bad.json", *pair).stdout
    assert (bad.count("is missing"), "more)" in bad) == (7, False)
    assert "          nope.json\n" in store.run("gate", "--admission-file", "nope.json", *pair).stdout
