"""What the rules of a store refuse holds against every git command, `--no-verify` included."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gated import Gated
from samples import ADMISSION_PATH, ANSWERS, RECORD_PATH, REFERENCE, REFERENCE_PATH

pytestmark = pytest.mark.slow  # each takes little, all together take long

Edit = Callable[[str], str]


@pytest.fixture
def decided(unborn: Gated, prepared: dict[str, Path], object_format: str) -> Gated:
    """A store with the reference document and a decision on it; made once for each hash, and copied."""
    made = prepared[object_format].with_name("decided")
    if made.exists():
        shutil.rmtree(unborn.path)
        shutil.copytree(made, unborn.path, symlinks=True)
        return unborn
    unborn.commit(REFERENCE_PATH, REFERENCE)
    done = unborn.sotctl("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
    assert done.returncode == 0, done.stderr
    shutil.copytree(unborn.path, made, symlinks=True)
    return unborn


def edited(gated: Gated, path: str, edit: Edit) -> None:
    """Change a file of the store and stage it."""
    gated.write(path, edit((gated.path / path).read_text()))
    gated.git("add", path)


def refused_everywhere(gated: Gated, rule: str) -> None:
    """Expect that commit, commit --no-verify, and a branch at the same commit made by hand are refused by *rule*."""
    assert f"[{rule}]" in gated.refused("commit", "-m", "x")
    assert f"[{rule}]" in gated.refused("commit", "--no-verify", "-m", "x")
    tree = gated.git("write-tree")
    parent = ["-p", "HEAD"] if gated.try_git("rev-parse", "-q", "--verify", "HEAD").returncode == 0 else []
    by_hand = gated.git("commit-tree", tree, *parent, "-m", "x")
    assert f"[{rule}]" in gated.refused("branch", "by-hand", by_hand)


def json_without(*names: str, **values: object) -> Edit:
    """An edit of a JSON document."""

    def edit(text: str) -> str:
        document = {name: value for name, value in json.loads(text).items() if name not in names}
        return json.dumps({**document, **values}, indent=2) + "\n"

    return edit


@pytest.mark.parametrize("value", ["", " ", "TBD", "n/a", "pending", "-"])
def test_an_approval_source_that_is_no_approval_in_the_json(decided: Gated, value: str) -> None:
    edited(decided, ADMISSION_PATH, json_without(approval_source=value))
    refused_everywhere(decided, "approval-source-missing")


def test_an_approval_source_absent_from_the_json(decided: Gated) -> None:
    edited(decided, ADMISSION_PATH, json_without("approval_source"))
    refused_everywhere(decided, "approval-source-missing")


@pytest.mark.parametrize("value", ['""', '" "', "TBD", "'n/a'", "pending", None])
def test_an_approval_source_that_is_no_approval_in_the_record(decided: Gated, value: str | None) -> None:
    def edit(text: str) -> str:
        lines = text.splitlines(keepends=True)
        new = [] if value is None else [f"approval_source: {value}\n"]
        return "".join(line for old in lines for line in (new if old.startswith("approval_source:") else [old]))

    edited(decided, RECORD_PATH, edit)
    refused_everywhere(decided, "approval-source-missing")


def test_an_approval_that_differs_between_json_and_record(decided: Gated) -> None:
    edited(decided, ADMISSION_PATH, json_without(approval_source="JP chat approval on 2026-05-30"))
    refused_everywhere(decided, "admission-drift")


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "gpt-5.6"},
        {"credential_source_class": "other-class"},
        {"allowed_network_class": "other-class"},
        {"review_trigger": "never"},
        {"admission_timestamp": "2026-06-02T00:00:00Z"},
        {"status": "revoked"},
        {"rationale": "another reason"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_fields_of_an_admission_in_force_changed_without_a_decision(decided: Gated, fields: dict[str, str]) -> None:
    edited(decided, ADMISSION_PATH, json_without(**fields))
    said = decided.refused("commit", "--no-verify", "-m", "x")
    assert "[admission-drift]" in said or "[admission-edited]" in said


def test_an_admission_in_force_is_deleted(decided: Gated) -> None:
    decided.git("rm", "-q", ADMISSION_PATH)
    refused_everywhere(decided, "admission-missing")


def test_an_admission_in_force_is_deleted_with_its_record(decided: Gated) -> None:
    decided.git("rm", "-q", ADMISSION_PATH, RECORD_PATH)
    refused_everywhere(decided, "admission-missing")
    assert "[record-edited]" in decided.refused("commit", "-m", "x")


def test_the_whole_store_is_deleted(decided: Gated) -> None:
    decided.git("rm", "-qr", ".sot")
    refused_everywhere(decided, "admission-missing")


def test_an_admission_is_renamed(decided: Gated) -> None:
    decided.git("mv", ADMISSION_PATH, ADMISSION_PATH.replace("gpt-5.5", "gpt-5.6"))
    refused_everywhere(decided, "admission-missing")


def test_an_admission_becomes_executable_or_a_link(decided: Gated) -> None:
    (decided.path / ADMISSION_PATH).unlink()
    (decided.path / ADMISSION_PATH).symlink_to("elsewhere.json")
    decided.git("add", "-A")
    refused_everywhere(decided, "store-link")


def test_a_record_that_was_approved_is_edited(decided: Gated) -> None:
    edited(decided, RECORD_PATH, lambda text: text + "\nAn afterthought.\n")
    refused_everywhere(decided, "record-edited")


def test_an_admission_without_a_record(decided: Gated) -> None:
    copy = json_without(provider="anthropic", model="claude-x-1")((decided.path / ADMISSION_PATH).read_text())
    decided.write(ADMISSION_PATH.replace("openai-codex-gpt-5.5", "anthropic-claude-x-1"), copy)
    decided.git("add", "-A")
    said = decided.refused("commit", "--no-verify", "-m", "x")
    assert "[admission-d" in said


def test_revoking_and_deciding_anew_pass(decided: Gated) -> None:
    done = decided.sotctl("admission", "revoke", "openai-codex/gpt-5.5", "--reason", "the contract has ended")
    assert done.returncode == 0, done.stderr
    done = decided.sotctl("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
    assert done.returncode == 0, done.stderr
    assert decided.git("rev-list", "--count", "HEAD") == "4"


def test_two_decisions_that_a_merge_brings_together(decided: Gated) -> None:
    """Neither side changes a file of the other; together they are two decisions on one issue."""
    decided.git("checkout", "-q", "-b", "side", "HEAD~1")
    answers = ANSWERS.read_text().replace("gpt-5.5", "gpt-5.6")
    decided.write("answers.yaml", answers)
    done = decided.sotctl("decide", "CTO-WORK-020", "--answers", "answers.yaml", "--yes")
    assert done.returncode == 0, done.stderr
    decided.git("mv", RECORD_PATH, RECORD_PATH.replace("DR-001", "DR-002"))
    path = ADMISSION_PATH.replace("gpt-5.5", "gpt-5.6")
    for name in (RECORD_PATH.replace("DR-001", "DR-002"), path):
        edited(decided, name, lambda text: text.replace("DR-001", "DR-002"))
    decided.git("commit", "-q", "--amend", "--no-edit", "--no-verify")
    decided.git("checkout", "-q", "main")
    said = decided.refused("merge", "--no-edit", "side")
    assert "[admission-doubled]" in said


@pytest.mark.parametrize("onto", ["main", "side"])
def test_a_merge_does_not_take_a_revocation_back(decided: Gated, onto: str) -> None:
    """Neither by keeping what was there before it, nor by taking that from the other side."""
    decided.git("checkout", "-q", "-b", "side")
    decided.commit("side.txt")
    decided.git("checkout", "-q", "main")
    done = decided.sotctl("admission", "revoke", "openai-codex/gpt-5.5", "--reason", "the contract has ended")
    assert done.returncode == 0, done.stderr
    decided.git("checkout", "-q", onto)
    other = {"main": "side", "side": "main"}[onto]
    decided.git("merge", "-q", "--no-ff", "--no-commit", other)
    decided.git("checkout", "-q", "side", "--", ".sot")
    said = decided.refused("commit", "--no-verify", "-m", "x")
    assert "is archived and cannot become validated, also not by a merge" in said
    decided.git("checkout", "-q", "main", "--", ".sot")
    decided.git("commit", "-qm", "the revocation stays")


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        (".sot/02-ISSUES/x.md", "no header\n", "frontmatter-missing"),
        (".sot/02-ISSUES/x.md", "---\ntitle: x\n", "frontmatter-unclosed"),
        (".SOT/02-ISSUES/x.md", "x\n", "store-case-twin"),
        (".\u017fot/02-ISSUES/x.md", "x\n", "store-case-twin"),
        (".s\u200cot/02-ISSUES/x.md", "x\n", "store-case-twin"),
        ("docs/.sot. /02-ISSUES/x.md", "x\n", "store-case-twin"),
        (".sot::$INDEX_ALLOCATION/x.md", "x\n", "store-case-twin"),
        ("SOT~1/x.md", "x\n", "store-case-twin"),
        (".sot", "x\n", "store-link"),
        (".sot/x.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "store-link"),
        (".sot/sot.toml", "[approval\n", "configuration-invalid"),
        (".sot/sot.toml", "[approvals]\n", "configuration-invalid"),
    ],
)
def test_what_a_store_does_not_take(gated: Gated, name: str, data: str, rule: str) -> None:
    gated.write(name, data)
    gated.git("add", "-A")
    refused_everywhere(gated, rule)


def test_a_submodule_in_a_store(gated: Gated) -> None:
    head = gated.git("rev-parse", "HEAD")
    gated.git("update-index", "--add", "--cacheinfo", f"160000,{head},.sot/02-ISSUES/inner")
    refused_everywhere(gated, "store-link")


@pytest.mark.parametrize("name", [b".sot/new\nline.md", b'.sot/quo"te.md', b".sot/caf\xe9.md", b".sot/\x1b[31m.md"])
def test_a_path_of_any_bytes_is_refused_inside_a_store(gated: Gated, name: bytes) -> None:
    gated.write(name, "no header\n")
    gated.git("add", "-A")
    refused_everywhere(gated, "path-forbidden")


@pytest.mark.parametrize("kind", ["link", "submodule"])
def test_a_store_that_is_no_folder(gated: Gated, kind: str) -> None:
    """What it leads to would be read as the store, and lies where nothing is judged."""
    if kind == "link":
        gated.write("elsewhere/02-ISSUES/x.md", "no header\n")
        (gated.path / ".sot").symlink_to("elsewhere")
        gated.git("add", "-A")
    else:
        head = gated.git("rev-parse", "HEAD")
        gated.git("update-index", "--add", "--cacheinfo", f"160000,{head},.sot")
    refused_everywhere(gated, "store-link")


@pytest.mark.parametrize("twin", [ADMISSION_PATH.replace("03-PROTOCOLS", "03-protocols"), RECORD_PATH[:-2] + "MD"])
def test_a_path_that_differs_from_another_in_case_alone(decided: Gated, twin: str) -> None:
    decided.write(twin, "x\n")
    decided.git("add", "-A")
    refused_everywhere(decided, "path-twin")


@pytest.mark.parametrize("outer", [".sot/x", ".sot/templates", ".sot/03-PROTOCOLS"])
def test_a_store_inside_a_store(decided: Gated, outer: str) -> None:
    """No rule took what lies in it for an admission, and the gate did."""
    path = f"{outer}/{ADMISSION_PATH.replace('gpt-5.5', 'gpt-9.9')}"
    decided.write(path, json_without(model="gpt-9.9")((decided.path / ADMISSION_PATH).read_text()))
    (decided.path / path).chmod(0o644)
    decided.git("add", "-A")
    refused_everywhere(decided, "store-nested")
    decided.ungated("commit", "-qm", "x")
    pair = ("--provider", "openai-codex", "--model", "gpt-9.9")
    verdict = decided.sotctl("gate", "--admission-file", path, *pair, "--json")
    assert (verdict.returncode, json.loads(verdict.stdout)["reason"]) == (1, "admission-misplaced")


def test_a_store_behind_a_link_is_not_worked_in(decided: Gated) -> None:
    (decided.path / ".sot").rename(decided.path / "elsewhere")
    (decided.path / ".sot").symlink_to("elsewhere")
    done = decided.sotctl("check", "--all")
    assert (done.returncode, "is a link to a folder that is not called .sot" in done.stderr) == (3, True)


def tree(gated: Gated, entries: list[tuple[str, str, str]]) -> str:
    """Write a tree object that no git would make: mode, name and id of each entry, in the order given."""
    data = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
    return gated.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=os.fsdecode(data))


@pytest.mark.parametrize("where", ["the store", "a folder in it", "a path as a name", "out of order"])
def test_a_tree_that_two_programs_read_as_two(decided: Gated, where: str) -> None:
    """Git takes the first of two entries of one name, so that the gate would read what nobody approved."""
    clean = {name: decided.git("rev-parse", f"HEAD:{name}") for name in (".sot", ".sot/03-PROTOCOLS")}
    edited(decided, ADMISSION_PATH, json_without(model="gpt-9.9"))
    index = decided.git("write-tree")
    evil = {name: decided.git("rev-parse", f"{index}:{name}") for name in clean}
    blob = decided.git("rev-parse", f"{index}:{ADMISSION_PATH}")
    decided.git("reset", "-q", "--hard")
    rest = [
        (mode.lstrip("0"), name, oid)
        for mode, _, oid, name in (line.split(maxsplit=3) for line in decided.git("ls-tree", "HEAD:.sot").splitlines())
    ]
    top = {
        "the store": [("40000", ".sot", evil[".sot"]), ("40000", ".sot", clean[".sot"])],
        "a folder in it": [
            (
                "40000",
                ".sot",
                tree(decided, [*rest[:-1], ("40000", "03-PROTOCOLS", evil[".sot/03-PROTOCOLS"]), rest[-1]]),
            )
        ],
        "a path as a name": [("40000", ".sot", clean[".sot"]), ("100644", f"{ADMISSION_PATH}", blob)],
        "out of order": [("100644", "z", blob), ("40000", ".sot", evil[".sot"])],
    }[where]
    commit = decided.git("commit-tree", tree(decided, top), "-p", "HEAD", "-m", "x")
    assert "[tree-damaged]" in decided.refused("update-ref", "refs/heads/by-hand", commit)
    decided.ungated("branch", "by-hand", commit)
    found = json.loads(decided.sotctl("history", "--audit", "--json").stdout)["findings"]
    assert {(finding["commit"], finding["rule"]) for finding in found} == {(commit, "tree-damaged")}


@pytest.mark.parametrize("mode", ["0040000", "240000"])
def test_a_folder_whose_mode_is_written_otherwise_is_one(decided: Gated, mode: str) -> None:
    edited(decided, ADMISSION_PATH, json_without(model="gpt-9.9"))
    store = decided.git("rev-parse", f"{decided.git('write-tree')}:.sot")
    decided.git("reset", "-q", "--hard")
    commit = decided.git("commit-tree", tree(decided, [(mode, ".sot", store)]), "-p", "HEAD", "-m", "x")
    assert "[admission-drift]" in decided.refused("update-ref", "refs/heads/by-hand", commit)


def issue(status: str, *blockers: str, name: str = "AB-1") -> str:
    """The section of an issue."""
    listed = "\nBlocked by:\n\n" + "".join(f"- {blocker}\n" for blocker in blockers) if blockers else ""
    return f"## {name} - A thing\n\nStatus: {status}.\n{listed}\n"


def issues(gated: Gated, *sections: str, name: str = "work.md") -> None:
    """Write and stage an issues document of these sections."""
    gated.write(f".sot/02-ISSUES/{name}", REFERENCE.split(b"\n# ")[0].decode() + "\n" + "".join(sections))
    gated.git("add", "-A")


@pytest.mark.parametrize("to", ["ready", "in_progress", "rejected"])
def test_a_blocker_is_not_taken_out_with_the_move_that_it_stands_in_the_way_of(gated: Gated, to: str) -> None:
    issues(gated, issue("blocked", "Needs money."))
    gated.git("commit", "-qm", "An issue")
    issues(gated, issue(to))
    refused_everywhere(gated, "status-move")


def test_a_blocker_that_came_with_the_last_move_goes_away_with_its_inverse(gated: Gated) -> None:
    for section in (issue("ready"), issue("blocked", "Needs money."), issue("ready")):
        issues(gated, section)
        gated.git("commit", "-qm", "Move an issue")
    issues(gated, issue("blocked", "Needs money."))
    gated.git("commit", "-qm", "Block it again")
    gated.git("revert", "--no-edit", "HEAD")


@pytest.mark.parametrize("setting", ["color.ui=always", "color.grep=always"])
def test_settings_of_the_user_change_no_verdict(gated: Gated, setting: str) -> None:
    """What another document says is found all the same: a blocker that waits, an id that is taken."""
    gated.git("config", *setting.split("="))
    issues(gated, issue("blocked", "AB-2"))
    issues(gated, issue("draft", name="AB-2"), name="other.md")
    gated.ungated("commit", "-qm", "Two issues")
    issues(gated, issue("ready", "AB-2"))
    assert "AB-2 is draft" in gated.refused("commit", "--no-verify", "-m", "x")
    issues(gated, issue("blocked", "AB-2"), issue("draft", name="AB-2"))
    assert "[issue-id-twice]" in gated.refused("commit", "--no-verify", "-m", "x")


def test_an_issue_id_twice(decided: Gated) -> None:
    decided.write(REFERENCE_PATH.replace("ADMISSION", "COPY"), REFERENCE)
    decided.git("add", "-A")
    refused_everywhere(decided, "issue-id-twice")


def test_a_broken_configuration_is_mended_before_anything_else_changes(gated: Gated) -> None:
    gated.write(".sot/sot.toml", "[approval\n")
    gated.git("add", "-A")
    gated.ungated("commit", "-qm", "past the gate")
    gated.write(".sot/02-ISSUES/a.md", REFERENCE)
    gated.git("add", "-A")
    refused_everywhere(gated, "configuration-invalid")
    gated.git("reset", "-q")
    gated.commit(".sot/sot.toml", '[approval]\napprovers = ["JP"]\n')


def test_the_configuration_of_the_parent_judges(decided: Gated) -> None:
    """Who adds himself to the approvers cannot approve in the same commit."""
    decided.write(".sot/sot.toml", '[approval]\napprovers = ["Eve"]\n')
    decided.write("answers.yaml", ANSWERS.read_text().replace("JP chat", "Eve chat"))
    record = (decided.path / RECORD_PATH).read_text()
    decided.git("rm", "-q", "--cached", RECORD_PATH)
    decided.write(RECORD_PATH.replace("001", "002"), record.replace("DR-001", "DR-002").replace("JP chat", "Eve chat"))
    decided.git("add", "-A")
    said = decided.refused("commit", "--no-verify", "-m", "x")
    assert "[approval-" in said


def test_a_root_commit_is_judged_by_its_own_configuration(unborn: Gated, decided: Gated) -> None:
    text = (decided.path / RECORD_PATH).read_text().replace("JP chat", "Eve chat")
    admission = (decided.path / ADMISSION_PATH).read_text().replace("JP chat", "Eve chat")
    decided.git("checkout", "-q", "--orphan", "own")
    decided.write(RECORD_PATH, text)
    decided.write(ADMISSION_PATH, admission)
    decided.git("add", "-A")
    assert "[approval-" in decided.refused("commit", "--no-verify", "-m", "x")
    decided.write(".sot/sot.toml", '[approval]\napprovers = ["Eve"]\n')
    decided.git("add", "-A")
    decided.git("commit", "-qm", "a store of its own")


def test_a_line_that_looks_like_a_parent_is_none(decided: Gated) -> None:
    """Git knows a parent by its place: a commit that names one further down begins a history, and judges itself."""
    decided.git("rm", "-q", "-r", "--cached", ".")
    decided.write(".sot/sot.toml", '[approval]\napprovers = ["Eve"]\n')
    decided.git("add", ".sot/sot.toml")
    other = decided.git("commit-tree", decided.git("write-tree"), "-m", "x")
    decided.git("rm", "-q", "-f", ".sot/sot.toml")
    for path in (RECORD_PATH, ADMISSION_PATH):
        edited(decided, path, lambda text: text.replace("JP chat", "Eve chat"))
    who = "Ada <a@example.com> 1700000000 +0000"
    text = f"tree {decided.git('write-tree')}\nauthor {who}\ncommitter {who}\nparent {other}\n\nx\n"
    commit = decided.git("hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=text)
    assert "[approval-" in decided.refused("branch", "new", commit)


def test_apply_commits_through_the_hooks_with_its_own_index(decided: Gated) -> None:
    """What else is staged stays staged, and is not what the hooks judge."""
    decided.write("staged.txt", "mine\n")
    decided.git("add", "staged.txt")
    done = decided.sotctl("admission", "revoke", "openai-codex/gpt-5.5", "--reason", "the contract has ended")
    assert done.returncode == 0, done.stderr
    assert decided.git("status", "--porcelain") == "A  staged.txt"
