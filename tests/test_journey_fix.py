"""`sotctl check --fix` edits on disk what needs no decision, says what it did, and leaves the rest to a person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from samples import ADMISSION_PATH, RECORD_PATH, TOKEN, Done, Repository

BASELINE = ".sot/secrets-baseline.json"
NOTHING = "fixed  nothing: what is left needs a decision, or nothing is wrong\n"


@pytest.fixture
def decided(store: Repository) -> Repository:
    """A store with a decision."""
    assert store.decide().returncode == 0
    return store


def drift(store: Repository, old: bytes = b"hosted", new: bytes = b"local") -> None:
    """Edit the admission on disk by hand."""
    data = store.read(ADMISSION_PATH)
    assert old in data
    store.write(ADMISSION_PATH, data.replace(old, new))


def fix(store: Repository, *more: str) -> Done:
    return store.run("check", "--all", "--fix", *more)


def commit_past_the_hooks(store: Repository) -> None:
    store.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "by hand")


def rules(store: Repository) -> list[str]:
    return [finding["rule"] for finding in json.loads(store.run("check", "--all", "--json").stdout)["findings"]]


def test_an_admission_that_was_edited_on_disk_comes_back_as_it_was_committed(decided: Repository) -> None:
    drift(decided)
    done = fix(decided)
    assert done.returncode == 0
    assert done.stdout.startswith(f"fixed  {ADMISSION_PATH}: derived again from CTO-WORK-020-DR-001\nno findings (")
    assert decided.git("status", "--porcelain") == ""


def test_an_admission_that_was_committed_otherwise_is_derived_again_and_can_be_committed(decided: Repository) -> None:
    before = json.loads(decided.read(ADMISSION_PATH))
    drift(decided)
    commit_past_the_hooks(decided)
    head = decided.git("rev-parse", "HEAD")
    assert rules(decided) == ["admission-drift"]
    assert fix(decided).returncode == 0
    after = json.loads(decided.read(ADMISSION_PATH))
    assert {**after, "admission_timestamp": ""} == {**before, "admission_timestamp": ""}
    assert (decided.git("rev-parse", "HEAD"), decided.git("diff", "--cached", "--name-only")) == (head, "")
    decided.git("commit", "-qam", "Bring the admission back to its record")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [(b'"admitted"', b'"revoked"', "admission-drift"), (b'{\n  "status"', b"{{", "json-invalid")],
    ids=["says revoked", "is no JSON"],
)
def test_what_could_take_an_admission_back_is_left_to_a_person(
    decided: Repository, old: bytes, new: bytes, rule: str
) -> None:
    drift(decided, old, new)
    edited = decided.read(ADMISSION_PATH)
    done = fix(decided)
    assert (done.returncode, done.stdout.startswith(NOTHING), rule in done.stdout) == (1, True, True)
    assert decided.read(ADMISSION_PATH) == edited


def test_an_admission_that_was_removed_is_not_put_back(decided: Repository) -> None:
    (decided.path / ADMISSION_PATH).unlink()
    done = fix(decided)
    assert (done.returncode, done.stdout.startswith(NOTHING), "admission-missing" in done.stdout) == (1, True, True)
    assert not (decided.path / ADMISSION_PATH).exists()


def test_a_record_that_is_wrong_itself_gives_no_admission(decided: Repository) -> None:
    decided.write(RECORD_PATH, decided.read(RECORD_PATH).replace(b"JP chat", b"XY chat"))
    edited = decided.read(ADMISSION_PATH)
    done = fix(decided)
    assert (done.returncode, done.stdout.startswith(NOTHING)) == (1, True)
    assert decided.read(ADMISSION_PATH) == edited


def test_where_two_records_approve_neither_is_chosen(decided: Repository) -> None:
    second = decided.read(RECORD_PATH).replace(b"DR-001", b"DR-002").replace(b"hosted", b"local")
    decided.write(RECORD_PATH.replace("DR-001", "DR-002"), second)
    drift(decided)
    edited = decided.read(ADMISSION_PATH)
    done = fix(decided)
    assert (done.returncode, "admission-doubled" in done.stdout, done.stdout.startswith(NOTHING)) == (1, True, True)
    assert decided.read(ADMISSION_PATH) == edited


def test_a_broken_configuration_stops_every_fix(decided: Repository) -> None:
    drift(decided)
    decided.write(".sot/sot.toml", "[stoer]\n")
    edited = decided.read(ADMISSION_PATH)
    done = fix(decided)
    assert (done.returncode, "configuration-invalid" in done.stdout + done.stderr) == (1, True)
    assert decided.read(ADMISSION_PATH) == edited


def test_what_is_left_is_still_found(decided: Repository) -> None:
    drift(decided)
    decided.write("leak.txt", f"token {TOKEN}\n")
    decided.git("add", "leak.txt")
    done = fix(decided)
    assert (done.returncode, "derived again" in done.stdout, "error secret" in done.stdout) == (1, True, True)
    assert decided.read("leak.txt") == f"token {TOKEN}\n".encode()


def accepted(store: Repository) -> list[str]:
    entries: list[dict[str, Any]] = json.loads(store.read(BASELINE))["accepted"]
    return [entry["path"] for entry in entries]


def test_baseline_lines_go_only_where_it_is_seen_that_they_accept_nothing(store: Repository) -> None:
    for name in ("changed.txt", "gone.txt", "hidden.txt", "kept.txt"):
        store.write(name, f"key {TOKEN}\n")
        store.done("scan", "--update-baseline", "--reason", "a published test vector", name)
    store.git("add", "-A")
    store.git("commit", "-qm", "Test vectors")
    store.write("changed.txt", "nothing\n")
    store.git("rm", "-q", "gone.txt")
    (store.path / "hidden.txt").unlink()  # as in a sparse checkout: tracked, and not on disk
    done = fix(store)
    assert f"fixed  {BASELINE}: took out 2 lines, which accepted nothing\n" in done.stdout
    assert accepted(store) == ["hidden.txt", "kept.txt"]
    assert store.git("diff", "--cached", "--name-only").split() == ["gone.txt"]


def test_the_json_says_what_was_fixed(decided: Repository) -> None:
    drift(decided)
    document = json.loads(fix(decided, "--json").stdout)
    assert (document["type"], document["findings"]) == ("sotctl.check/v1", [])
    assert document["checked"]["fixed"] == [
        {
            "rule": "admission-drift",
            "path": ADMISSION_PATH,
            "message": "derived again from CTO-WORK-020-DR-001",
        }
    ]
    assert "fixed" not in json.loads(decided.run("check", "--all", "--json").stdout)["checked"]


def test_where_stdout_is_for_a_program_the_fixes_are_said_on_stderr(decided: Repository) -> None:
    drift(decided)
    done = fix(decided, "--format", "github")
    assert done.stderr == f"fixed  {ADMISSION_PATH}: derived again from CTO-WORK-020-DR-001\n"
    assert "fixed" not in done.stdout


def test_a_store_that_is_in_order_is_left_alone(decided: Repository) -> None:
    done = fix(decided)
    assert (done.returncode, done.stdout.startswith(NOTHING)) == (0, True)
    assert decided.git("status", "--porcelain") == ""


@pytest.mark.parametrize("other", [("--staged",), ("--range", "HEAD"), ("--message", "m")])
def test_only_what_lies_on_disk_can_be_fixed(decided: Repository, other: tuple[str, ...]) -> None:
    done = decided.run("check", "--fix", *other)
    assert (done.returncode, "goes with --all" in done.stderr) == (2, True)


def test_every_finding_of_an_edited_admission_names_the_one_mend_that_ends_it(decided: Repository) -> None:
    committed = decided.read(ADMISSION_PATH)
    line = b'  "approval_source": "JP chat approval on 2026-05-31",\n'
    decided.write(ADMISSION_PATH, committed.replace(line, b""))
    decided.git("add", "-A")
    found = json.loads(decided.run("check", "--staged", "--json").stdout)["findings"]
    assert {finding["rule"] for finding in found} == {"admission-drift", "admission-edited", "approval-source-missing"}
    (mend,) = {finding["fix"] for finding in found}
    assert mend == f"git restore --source=HEAD --staged --worktree {ADMISSION_PATH}"
    decided.git(*mend.split()[1:])
    assert decided.run("check", "--staged").returncode == 0


@pytest.mark.parametrize("staged", [True, False])
@pytest.mark.parametrize("options", [(), ("--no-commit",)])
def test_generate_brings_an_edited_admission_back_as_it_was_committed(
    decided: Repository, staged: bool, options: tuple[str, ...]
) -> None:
    committed, head = decided.read(ADMISSION_PATH), decided.git("rev-parse", "HEAD")
    drift(decided)
    if staged:
        decided.git("add", "-A")
    decided.write("other.txt", "staged beside it\n")
    decided.git("add", "other.txt")
    said = decided.done("admission", "generate", *options)
    assert said == f"wrote  {ADMISSION_PATH}\n"
    assert decided.read(ADMISSION_PATH) == committed
    assert decided.git("rev-parse", "HEAD") == head
    if not (staged and options):  # --no-commit writes the file alone
        assert decided.git("diff", "--cached", "--name-only") == "other.txt\n"
    assert not (decided.path / ".git/sotctl/journal.json").exists()


def test_generate_commits_what_is_wrong_in_head_over_what_was_edited_since(decided: Repository) -> None:
    drift(decided)
    commit_past_the_hooks(decided)
    drift(decided, b"local", b"elsewhere")
    assert "commit  " in decided.done("admission", "generate")
    assert rules(decided) == []
    assert decided.git("status", "--porcelain") == ""
