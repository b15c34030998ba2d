"""`sotctl check --fix` edits on disk what needs no decision, says what it did, and leaves the rest to a person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from samples import ADMISSION_PATH, RECORD_PATH, TOKEN, Done, Repository

BASELINE = ".sot/secrets-baseline.json"
NOTHING = "fixed  nothing: what is left needs a decision, or nothing is wrong\n"


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


@pytest.mark.decided
def test_an_admission_that_was_edited_on_disk_comes_back_as_it_was_committed(store: Repository) -> None:
    drift(store)
    done = fix(store)
    assert done.returncode == 0
    assert done.stdout.startswith(f"fixed  {ADMISSION_PATH}: derived again from CTO-WORK-020-DR-001\nno findings (")
    assert store.git("status", "--porcelain") == ""


@pytest.mark.decided
def test_an_admission_that_was_committed_otherwise_is_derived_again_and_can_be_committed(store: Repository) -> None:
    before = json.loads(store.read(ADMISSION_PATH))
    drift(store)
    commit_past_the_hooks(store)
    head = store.git("rev-parse", "HEAD")
    assert rules(store) == ["admission-drift"]
    assert fix(store).returncode == 0
    after = json.loads(store.read(ADMISSION_PATH))
    assert {**after, "admission_timestamp": ""} == {**before, "admission_timestamp": ""}
    assert (store.git("rev-parse", "HEAD"), store.git("diff", "--cached", "--name-only")) == (head, "")
    store.git("commit", "-qam", "Bring the admission back to its record")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [(b'"admitted"', b'"revoked"', "admission-drift"), (b'{\n  "status"', b"{{", "json-invalid")],
    ids=["says revoked", "is no JSON"],
)
@pytest.mark.decided
def test_what_could_take_an_admission_back_is_left_to_a_person(
    store: Repository, old: bytes, new: bytes, rule: str
) -> None:
    drift(store, old, new)
    edited = store.read(ADMISSION_PATH)
    done = fix(store)
    assert (done.returncode, done.stdout.startswith(NOTHING), rule in done.stdout) == (1, True, True)
    assert store.read(ADMISSION_PATH) == edited


@pytest.mark.decided
def test_an_admission_that_was_removed_is_not_put_back(store: Repository) -> None:
    (store.path / ADMISSION_PATH).unlink()
    done = fix(store)
    assert (done.returncode, done.stdout.startswith(NOTHING), "admission-missing" in done.stdout) == (1, True, True)
    assert not (store.path / ADMISSION_PATH).exists()


@pytest.mark.decided
def test_a_record_that_is_wrong_itself_gives_no_admission(store: Repository) -> None:
    store.write(RECORD_PATH, store.read(RECORD_PATH).replace(b"JP chat", b"XY chat"))
    edited = store.read(ADMISSION_PATH)
    done = fix(store)
    assert (done.returncode, done.stdout.startswith(NOTHING)) == (1, True)
    assert store.read(ADMISSION_PATH) == edited


@pytest.mark.decided
def test_where_two_records_approve_neither_is_chosen(store: Repository) -> None:
    second = store.read(RECORD_PATH).replace(b"DR-001", b"DR-002").replace(b"hosted", b"local")
    store.write(RECORD_PATH.replace("DR-001", "DR-002"), second)
    drift(store)
    edited = store.read(ADMISSION_PATH)
    done = fix(store)
    assert (done.returncode, "admission-doubled" in done.stdout, done.stdout.startswith(NOTHING)) == (1, True, True)
    assert store.read(ADMISSION_PATH) == edited


@pytest.mark.decided
def test_a_broken_configuration_stops_every_fix(store: Repository) -> None:
    drift(store)
    store.write(".sot/sot.toml", "[stoer]\n")
    edited = store.read(ADMISSION_PATH)
    done = fix(store)
    assert (done.returncode, "configuration-invalid" in done.stdout + done.stderr) == (1, True)
    assert store.read(ADMISSION_PATH) == edited


@pytest.mark.decided
def test_what_is_left_is_still_found(store: Repository) -> None:
    drift(store)
    store.write("leak.txt", f"token {TOKEN}\n")
    store.git("add", "leak.txt")
    done = fix(store)
    assert (done.returncode, "derived again" in done.stdout, "error secret" in done.stdout) == (1, True, True)
    assert store.read("leak.txt") == f"token {TOKEN}\n".encode()


def accepted(store: Repository) -> list[str]:
    entries: list[dict[str, Any]] = json.loads(store.read(BASELINE))["accepted"]
    return [entry["path"] for entry in entries]


@pytest.mark.slow
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


@pytest.mark.decided
def test_the_json_says_what_was_fixed(store: Repository) -> None:
    drift(store)
    document = json.loads(fix(store, "--json").stdout)
    assert (document["type"], document["findings"]) == ("sotctl.check/v1", [])
    assert document["checked"]["fixed"] == [
        {
            "rule": "admission-drift",
            "path": ADMISSION_PATH,
            "message": "derived again from CTO-WORK-020-DR-001",
        }
    ]
    assert "fixed" not in json.loads(store.run("check", "--all", "--json").stdout)["checked"]


@pytest.mark.decided
def test_where_stdout_is_for_a_program_the_fixes_are_said_on_stderr(store: Repository) -> None:
    drift(store)
    done = fix(store, "--format", "github")
    assert done.stderr == f"fixed  {ADMISSION_PATH}: derived again from CTO-WORK-020-DR-001\n"
    assert "fixed" not in done.stdout


@pytest.mark.decided
def test_a_store_that_is_in_order_is_left_alone(store: Repository) -> None:
    done = fix(store)
    assert (done.returncode, done.stdout.startswith(NOTHING)) == (0, True)
    assert store.git("status", "--porcelain") == ""


@pytest.mark.parametrize("other", [("--staged",), ("--range", "HEAD"), ("--message", "m")])
@pytest.mark.decided
def test_only_what_lies_on_disk_can_be_fixed(store: Repository, other: tuple[str, ...]) -> None:
    done = store.run("check", "--fix", *other)
    assert (done.returncode, "goes with --all" in done.stderr) == (2, True)


@pytest.mark.decided
def test_every_finding_of_an_edited_admission_names_the_one_mend_that_ends_it(store: Repository) -> None:
    committed = store.read(ADMISSION_PATH)
    line = b'  "approval_source": "JP chat approval on 2026-05-31",\n'
    store.write(ADMISSION_PATH, committed.replace(line, b""))
    store.git("add", "-A")
    found = json.loads(store.run("check", "--staged", "--json").stdout)["findings"]
    assert {finding["rule"] for finding in found} == {"admission-drift", "admission-edited", "approval-source-missing"}
    (mend,) = {finding["fix"] for finding in found}
    assert mend == f"git restore --source=HEAD --staged --worktree {ADMISSION_PATH}"
    store.git(*mend.split()[1:])
    assert store.run("check", "--staged").returncode == 0


@pytest.mark.parametrize("staged", [True, False])
@pytest.mark.parametrize("options", [(), ("--no-commit",)])
@pytest.mark.decided
def test_generate_brings_an_edited_admission_back_as_it_was_committed(
    store: Repository, staged: bool, options: tuple[str, ...]
) -> None:
    committed, head = store.read(ADMISSION_PATH), store.git("rev-parse", "HEAD")
    drift(store)
    if staged:
        store.git("add", "-A")
    store.write("other.txt", "staged beside it\n")
    store.git("add", "other.txt")
    said = store.done("admission", "generate", *options)
    assert said == f"wrote  {ADMISSION_PATH}\n"
    assert store.read(ADMISSION_PATH) == committed
    assert store.git("rev-parse", "HEAD") == head
    if not (staged and options):  # --no-commit writes the file alone
        assert store.git("diff", "--cached", "--name-only") == "other.txt\n"
    assert not (store.path / ".git/sotctl/journal.json").exists()


@pytest.mark.decided
def test_generate_commits_what_is_wrong_in_head_over_what_was_edited_since(store: Repository) -> None:
    drift(store)
    commit_past_the_hooks(store)
    drift(store, b"local", b"elsewhere")
    assert "commit  " in store.done("admission", "generate")
    assert rules(store) == []
    assert store.git("status", "--porcelain") == ""
