"""What got past the gate is found, and what stands open is named."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import pytest

from gated import SECRET, Gated, create
from samples import TOKEN
from sotctl.hooks.drill import drill
from sotctl.repository.git import Git


@pytest.fixture
def with_store(gated: Gated) -> Gated:
    """A repository with the hooks and an empty store."""
    gated.commit(".sot/sot.toml", "")
    return gated


def audit(gated: Gated, status: int = 1) -> list[dict[str, Any]]:
    done = gated.sotctl("history", "--audit", "--json")
    assert done.returncode == status, done.stderr
    assert TOKEN not in done.stdout
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


def places(findings: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(finding["commit"], finding["path"], finding["rule"]) for finding in findings}


def test_nothing_got_past(with_store: Gated) -> None:
    assert audit(with_store, status=0) == []


def test_a_ref_written_by_hand_is_named_with_commit_path_and_rule(with_store: Gated) -> None:
    bad = with_store.bad_commit()
    with_store.write(".git/refs/heads/sneaked", f"{bad}\n")
    assert places(audit(with_store)) == {(bad, "leak.txt", "secret")}
    text = with_store.sotctl("history", "--audit").stdout
    assert f"leak.txt:1:7: error secret in {bad[:12]}" in text


def test_a_commit_that_only_a_reflog_holds_is_found(with_store: Gated) -> None:
    head = with_store.git("rev-parse", "HEAD")
    with_store.write("leak.txt", SECRET)
    with_store.git("add", "leak.txt")
    with_store.ungated("commit", "-qm", "x")
    bad = with_store.git("rev-parse", "HEAD")
    with_store.git("reset", "-q", "--hard", head)
    assert places(audit(with_store)) == {(bad, "leak.txt", "secret")}


def test_what_a_detached_head_an_unguarded_ref_a_tag_and_a_branch_name_hold(with_store: Gated) -> None:
    bad = with_store.bad_commit()
    with_store.git("update-ref", "refs/hidden/x", bad)
    with_store.ungated("tag", "-a", "v1", "-m", TOKEN)
    with_store.ungated("branch", TOKEN)
    tag = with_store.git("rev-parse", "v1")
    assert places(audit_of_all(with_store)) == {
        (bad, "leak.txt", "secret"),
        (tag, "tag message", "secret"),
        ("", "(ref name withheld)", "secret"),
    }


def audit_of_all(gated: Gated) -> list[dict[str, Any]]:
    return [{"commit": "", **finding} for finding in audit(gated)]


def test_upstream_history_is_a_warning_in_the_audit_too(with_store: Gated) -> None:
    other = create(with_store.path.parent / "other", hooks=False)
    other.commit("a.txt", SECRET)
    with_store.git("remote", "add", "origin", str(other.path))
    with_store.git("fetch", "-q", "origin")
    assert [finding["severity"] for finding in audit(with_store, status=0)] == ["warning"]


def test_a_shallow_clone_is_not_passed(with_store: Gated) -> None:
    with_store.git("clone", "-q", "--depth=1", f"file://{with_store.path}", "../shallow")
    done = Gated(with_store.path.parent / "shallow").sotctl("history", "--audit")
    assert (done.returncode, "could not be verified" in done.stderr) == (3, True)


def ways(gated: Gated) -> set[str]:
    done = gated.sotctl("doctor", "--json")
    document = json.loads(done.stdout)
    assert (document["type"], len(document["never_closed"])) == ("sotctl.doctor/v1", 3)
    problems = {way["id"] for way in document["ways_past"] if way["weight"] == "problem"}
    assert done.returncode == (1 if problems else 0)
    return {way["id"] for way in document["ways_past"]}


def test_doctor_finds_nothing_open_and_says_what_no_hook_can_stop(gated: Gated) -> None:
    assert ways(gated) == set()
    text = gated.sotctl("doctor").stdout
    assert text.startswith("0 open ways past the gate")
    assert "written straight into .git/refs" in text


def test_doctor_names_hooks_that_do_not_run(gated: Gated) -> None:
    gated.hook("pre-commit").chmod(0o644)
    gated.hook("commit-msg").write_text("")
    gated.hook("pre-push").unlink()
    gated.hook("pre-push").symlink_to("nowhere")
    assert ways(gated) == {"hook-not-executable", "hook-empty", "hook-dangling-link"}


def test_doctor_names_hooks_that_lie_elsewhere(gated: Gated) -> None:
    gated.git("config", "core.hooksPath", "/dev/null")
    assert ways(gated) == {"hooks-path-elsewhere", "hook-absent"}
    gated.git("config", "core.hooksPath", ".git/hooks")
    assert ways(gated) == {"hooks-path-set", "hooks-path-relative"}
    gated.git("config", "core.hooksPath", str(gated.path / ".git" / "hooks"))
    assert ways(gated) == {"hooks-path-set"}


def test_doctor_names_refs_that_are_not_guarded_and_histories_that_are_not_true(gated: Gated) -> None:
    gated.git("update-ref", "refs/hidden/x", "HEAD")
    second = gated.commit("b.txt")
    gated.git("replace", second, "HEAD~1")
    gated.write(".git/info/grafts", f"{second}\n")
    assert ways(gated) == {"ref-not-guarded", "object-replaced", "history-grafted"}
    gated.git("replace", "-d", second)
    (gated.path / ".git" / "info" / "grafts").unlink()
    assert gated.sotctl("hooks", "install", "--guard", "refs/hidden/").returncode == 0
    assert ways(gated) == set()


def test_doctor_names_stale_locks(gated: Gated) -> None:
    lock = gated.path / ".git" / "refs" / "heads" / "main.lock"
    lock.touch()
    assert ways(gated) == set()
    os.utime(lock, (time.time() - 3600, time.time() - 3600))
    assert ways(gated) == {"lock-stale"}


def test_doctor_names_shallow_and_partial_clones(gated: Gated) -> None:
    gated.git("config", "uploadpack.allowFilter", "true")
    for name, option in (("shallow", "--depth=1"), ("partial", "--filter=blob:none")):
        gated.git("clone", "-q", option, f"file://{gated.path}", f"../{name}")
        clone = Gated(gated.path.parent / name)
        clone.sotctl("hooks", "install")
        assert ways(clone) == {f"clone-{name}"}


def test_doctor_looks_at_the_hooks_of_a_server(gated: Gated) -> None:
    gated.git("clone", "-q", "--bare", ".", "../server.git")
    server = gated.path.parent / "server.git"
    assert gated.sotctl("doctor", "--repo", str(server)).returncode == 1
    gated.sotctl("hooks", "install", "--repo", str(server))
    assert gated.sotctl("doctor", "--repo", str(server)).returncode == 0


def test_commit_shows_the_findings_before_the_message_is_asked(gated: Gated) -> None:
    gated.write("leak.txt", SECRET)
    gated.git("add", "leak.txt")
    done = gated.sotctl("commit", GIT_EDITOR="touch asked; false")
    assert (done.returncode, "leak.txt:1:7" in done.stderr) == (1, True)
    assert not (gated.path / "asked").exists()
    gated.write("leak.txt", "clean\n")
    gated.git("add", "leak.txt")
    done = gated.sotctl("commit", "-m", "Add a file", "--json", "--", "--signoff")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "type": "sotctl.commit/v1",
        "commit": gated.git("rev-parse", "HEAD"),
        "findings": [],
    }
    assert "Signed-off-by" in gated.git("log", "-1", "--format=%B")
    assert gated.sotctl("commit", "-m", "nothing is staged").returncode == 1


def test_a_refusal_fits_one_screen_and_its_commands_remove_the_secret(gated: Gated) -> None:
    for number in range(30):
        gated.write(f"leak{number}.txt", SECRET.replace("token", f"token{number}"))
    gated.git("add", "-A")
    said = gated.refused("commit", "-m", "x", LINES="24")
    assert len(said.splitlines()) <= 24
    assert "sotctl check --staged" in said
    gated.git("reset", "-q")
    gated.write("one.txt", SECRET)
    gated.git("add", "one.txt")
    blob = gated.git("rev-parse", ":one.txt")
    said = gated.refused("commit", "--no-verify", "-m", "x", LINES="24")
    order = [said.index(word) for word in ("error:", "where ", "why ", "fix ", "git restore --staged one.txt")]
    assert order == sorted(order)
    for line in said.splitlines():
        if line.startswith("    from the "):
            command = line.partition("git ")[2].partition("   (")[0]
            gated.git(*command.split())
    assert not gated.has_object(blob)
    assert (gated.path / "one.txt").read_text() == SECRET


def test_the_drill_holds_and_leaves_this_repository_as_it_was(with_store: Gated) -> None:
    before = with_store.git("for-each-ref") + with_store.git("status", "--porcelain", "--ignored")
    done = with_store.sotctl("drill", "--json")
    document = json.loads(done.stdout)
    assert (document["type"], [attempt for attempt in document["attempts"] if not attempt["holds"]]) == (
        "sotctl.drill/v1",
        [],
    )
    assert (done.returncode, len(document["attempts"]) >= 25) == (0, True)
    assert with_store.git("for-each-ref") + with_store.git("status", "--porcelain", "--ignored") == before


def test_every_attempt_of_the_drill_succeeds_where_there_are_no_hooks(gated: Gated) -> None:
    """So an attempt that holds was stopped by the gate, and not by itself."""
    assert [attempt.name for attempt in drill(Git(gated.path), hooks=False) if attempt.holds] == []
