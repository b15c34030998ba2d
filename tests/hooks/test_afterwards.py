"""What got past the gate is found, and what stands open is named."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import time
from typing import Any

import pexpect
import pytest

from gated import SECRET, Gated, create
from samples import ANSWERS, REFERENCE, REFERENCE_PATH, TOKEN
from sotctl.git.repository import Git
from sotctl.hooks.drill import drill

pytestmark = pytest.mark.slow  # each takes little, all together take long


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


def test_a_secret_in_what_a_reflog_says_is_found_and_removed_as_it_says(with_store: Gated) -> None:
    with_store.ungated("update-ref", "--create-reflog", "-m", f"set to {TOKEN}", "refs/heads/side", "HEAD")
    with_store.git("update-ref", "-m", "later", "refs/heads/side", "HEAD")
    findings = audit_of_all(with_store)
    assert places(findings) == {("", "reflog message", "secret")}
    assert TOKEN not in str(findings)
    with_store.git(*shlex.split(findings[0]["fix"])[1:])
    assert with_store.sotctl("history", "--audit").returncode == 0


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
    assert (document["type"], len(document["never_closed"])) == ("sotctl.doctor/v1", 4)
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


def test_a_branch_that_git_makes_without_a_hook_is_found_afterwards(with_store: Gated) -> None:
    """`git symbolic-ref` and `git branch -m` run no reference-transaction hook (2.39): doctor and audit name it."""
    with_store.git("clone", "-q", "--bare", ".", "../server.git")
    bad = with_store.bad_commit()
    with_store.git("update-ref", "refs/hidden/x", bad)
    with_store.git("symbolic-ref", "refs/heads/x", "refs/hidden/x")
    with_store.git("branch", "fine")
    with_store.git("branch", "-m", "fine", TOKEN)
    assert ways(with_store) == {"ref-not-guarded", "ref-symbolic"}
    assert places(audit_of_all(with_store)) == {
        (bad, "leak.txt", "secret"),
        ("", "(ref name withheld)", "secret"),
        ("", "reflog message", "secret"),
    }
    with_store.refused("push", "../server.git", f"{TOKEN}:{TOKEN}")


def test_doctor_names_settings_that_hold_on_a_condition_only(gated: Gated) -> None:
    gated.write("../included", "[core]\n\thooksPath = /dev/null\n")
    gated.git("config", "includeIf.onbranch:other.path", "../../included")
    assert ways(gated) == {"setting-conditional"}
    gated.write("../included", '[hook "pre-commit"]\n\tenabled = false\n')
    assert ways(gated) == {"setting-conditional"}


def test_doctor_names_hooks_that_are_switched_off(gated: Gated) -> None:
    gated.git("config", "hook.reference-transaction.enabled", "no")
    gated.git("config", "hook.linter.enabled", "false")
    assert ways(gated) == {"hook-switched-off"}


def test_refs_that_git_keeps_for_itself_are_no_way_past(gated: Gated) -> None:
    gated.git("clone", "-q", "--bare", ".", "../there.git")
    gated.git("remote", "add", "origin", "../there.git")
    gated.git("maintenance", "run", "--task=prefetch")
    assert "refs/prefetch/" in gated.git("for-each-ref")
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
    done = gated.sotctl("doctor", "--repo", str(server))
    assert done.returncode == 1
    assert f"sotctl hooks install --server --repo {server}" in done.stdout
    assert "a server refuses it" not in done.stdout
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
    assert "all of them: the same command with LINES=999 before it" in said
    assert gated.refused("commit", "-m", "x", LINES="999").count("where  leak") == 30
    gated.git("reset", "-q")
    gated.write("one.txt", SECRET)
    gated.git("add", "one.txt")
    blob = gated.git("rev-parse", ":one.txt")
    said = gated.refused("commit", "--no-verify", "-m", "x", LINES="24")
    order = [said.index(word) for word in ("error:", "where ", "why ", "fix ", "git restore --staged one.txt")]
    assert order == sorted(order)
    for line in said.splitlines():
        if line.startswith("    from the "):
            gated.git(*line.partition("git ")[2].split())
    assert not gated.has_object(blob)
    assert (gated.path / "one.txt").read_text() == SECRET


def on_screen(gated: Gated, command: str, *, rows: int, columns: int) -> list[str]:
    """What a command leaves on a terminal of that size: its last rows, as the terminal breaks them."""
    said = pexpect.run(command, cwd=str(gated.path), timeout=60, encoding="utf-8", dimensions=(rows, columns),
                       env={**os.environ, "COLUMNS": "", "LINES": ""})  # fmt: skip
    text = re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\r\n", "\n").rstrip("\n")
    return [line[at : at + columns] for line in text.split("\n") for at in range(0, max(1, len(line)), columns)]


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 26)])
@pytest.mark.parametrize("how", ["", " --no-verify"])
def test_a_refusal_fits_the_screen_that_it_is_on(gated: Gated, how: str, columns: int, rows: int) -> None:
    """Nothing has gone out at the top, and only commands and paths are broken within a word."""
    gated.write("config/settings.py", SECRET)
    gated.git("add", "-A")
    screen = on_screen(gated, f"git commit -qm x{how}", rows=rows, columns=columns)
    assert screen[0].startswith("sotctl: this ")
    assert len(screen) < rows, screen
    assert "it was issued." in " ".join(screen)
    assert [line for line in screen if line.endswith((" lea", " issu", " refu"))] == []


@pytest.mark.parametrize("columns", [80, 40])
def test_what_does_not_fit_is_named_by_its_rule(with_store: Gated, columns: int) -> None:
    for number in range(9):
        with_store.write(f".sot/02-ISSUES/{'x' * 60}-{number}.md", "no header\n")
    with_store.write("leak.txt", SECRET)
    with_store.git("add", "-A")
    screen = on_screen(with_store, "git commit -qm x", rows=24, columns=columns)
    assert screen[0] == "sotctl: this commit is refused: 10 error" + "s" * (columns == 80)
    assert len(screen) < 24, screen
    assert "frontmatter-missing, secret" in " ".join(screen).replace("  ", " ")
    assert "sotctl check --staged" in " ".join(screen)
    assert with_store.sotctl("check", "--staged").stdout.count("frontmatter-missing") == 9


def test_a_rebase_that_is_refused_at_its_end_says_how_to_begin_again(gated: Gated) -> None:
    """The commands do it: what is told to be removed is gone, and the branch has its other commits."""
    gated.git("checkout", "-q", "-b", "side")
    gated.commit("first.txt")
    gated.write("leak.txt", SECRET)
    gated.git("add", "-A")
    gated.ungated("commit", "-qm", "A leak")
    gated.commit("last.txt")
    gated.git("checkout", "-q", "main")
    gated.commit("onto.txt")
    gated.git("checkout", "-q", "side")
    said = gated.refused("rebase", "main")
    assert "git restore --staged" not in said  # HEAD holds it too
    assert "make that commit anew without it, in the rebase" in said
    back, again = (line.split()[1:] for line in said.splitlines() if line.startswith("    git "))
    assert back == ["rebase", "--abort"]
    gated.git(*back)
    assert gated.try_git(*again, GIT_SEQUENCE_EDITOR="sed -i '/A leak/s/^pick/edit/'").returncode == 0
    gated.git("rm", "-q", "leak.txt")
    gated.git("commit", "-q", "--amend", "--allow-empty", "-m", "No leak")
    gated.git("rebase", "--continue", GIT_EDITOR="true")
    assert gated.git("log", "--format=%s", "main..side").split("\n") == ["Add notes", "No leak", "Add notes"]


def test_a_merge_of_a_secret_says_where_to_mend_it(gated: Gated) -> None:
    bad = gated.bad_commit()
    gated.commit("a.txt")
    said = gated.refused("merge", "--no-edit", bad)
    assert "on the branch that is merged" in said
    assert "git rebase -i" not in said
    gated.git("merge", "--abort")


def removals(gated: Gated, said: str) -> list[str]:
    """Follow what a refusal says to remove, each as it stands there; returns what it is taken from."""
    lines = [line for line in said.splitlines() if line.startswith("    from the ")]
    for line in lines:
        assert gated.run("sh", "-c", line[len("    from ") + 15 :]).returncode == 0, line
    return [line[len("    from ") :][:15].strip() for line in lines]


@pytest.mark.parametrize("how", [[], ["--no-verify"]], ids=["", "no-verify"])
def test_a_message_that_is_refused_is_removed_as_it_says(gated: Gated, how: list[str]) -> None:
    said = gated.refused("commit", "--allow-empty", *how, "-m", f"contains {TOKEN}")
    assert "git rebase" not in said
    assert f"fix    {'commit again with another message' if how else 'reword the message'}\n" in said
    assert removals(gated, said) == ["the message", *(["the reflog", "the objects"] if how else [])]
    held = [path for path in (gated.path / ".git").rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert held == []


def test_nothing_is_said_to_be_removed_where_nothing_is_left(gated: Gated) -> None:
    gated.write("message", f"contains {TOKEN}\n")
    said = gated.run(sys.executable, "-m", "sotctl.hooks", "commit-msg", "message").stderr
    assert "reword the message" in said
    assert "in this order" not in said
    assert said.endswith("revoke it where it was issued.\n")


@pytest.mark.parametrize("how", [["-a"], ["-o", "kept.md"], ["-a", "--amend"]], ids=" ".join)
def test_a_commit_that_no_branch_came_to_name_is_made_once_more(gated: Gated, how: list[str]) -> None:
    """The index is as it was, and there is nothing to rebase."""
    gated.commit("kept.md")
    gated.write("kept.md", SECRET)
    said = gated.refused("commit", "--no-verify", "-m", "x", *how)
    assert "fix    take it out of kept.md, git add kept.md, and commit again\n" in said
    assert "Nothing is lost: main has not moved, and the commit is kept as " in said
    gated.write("kept.md", "cleaned\n")
    gated.git("add", "kept.md")
    gated.git("commit", "-q", "-m", "x")


def test_a_push_says_how_to_mend_a_commit_that_lies_behind(gated: Gated) -> None:
    gated.commit("a.txt")
    gated.ungated("commit", "-q", "--allow-empty", "-m", f"contains {TOKEN}")
    bad = gated.git("rev-parse", "HEAD")
    gated.ungated("commit", "-q", "--allow-empty", "-m", "after it")
    gated.git("init", "-q", "--bare", "../there.git")
    said = gated.refused("push", "../there.git", "main")
    assert f"where it is not the last: git rebase -i {bad[:12]}^\n" in said
    assert f"\n    git rebase -i {bad[:12]}^\n" in said
    assert "Nothing is lost" not in said


def test_a_server_says_what_makes_the_next_push_pass(gated: Gated) -> None:
    server = gated.path.parent / "server.git"
    gated.git("init", "-q", "--bare", str(server))
    assert gated.sotctl("hooks", "install", "--server", "--repo", str(server)).returncode == 0
    gated.ungated("commit", "-q", "--allow-empty", "-m", f"contains {TOKEN}")
    said = gated.refused("push", "--no-verify", str(server), "main").replace("remote: ", "")
    assert "a further commit does not mend it" in said
    assert "git commit --amend -a" in said
    gated.git("commit", "--amend", "--allow-empty", "-qm", "clean")
    gated.git("push", "-q", "--no-verify", str(server), "main")
    bad = gated.git("rev-parse", "HEAD@{1}")
    for command in re.findall(r"^ +(git (?:reflog|prune) .*?) *$", said, re.MULTILINE):
        gated.git(*command.split()[1:])
    assert not gated.has_object(bad)


@pytest.mark.parametrize("later", [False, True])
def test_a_revert_of_a_decision_that_is_refused_says_how_to_go_back(with_store: Gated, later: bool) -> None:
    with_store.commit(REFERENCE_PATH, REFERENCE)
    done = with_store.sotctl("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
    assert done.returncode == 0, done.stderr
    decided = with_store.git("rev-parse", "HEAD")
    if later:
        with_store.commit("later.txt")
    said = with_store.refused("revert", "--no-edit", decided)
    assert with_store.git("status", "--short") != ""
    assert "Go back first:\n    git reset --merge\n" in said
    fix = next(line for line in said.splitlines() if "admission revoke" in line).partition("fix")[2].strip()
    assert fix == "git reset --merge && sotctl admission revoke --reason TEXT"
    with_store.git("reset", "--merge")
    assert with_store.git("status", "--short") == ""
    assert with_store.sotctl("admission", "revoke", "--reason", "TEXT").returncode == 0


def test_a_stash_that_is_refused_says_to_stash_again(gated: Gated) -> None:
    gated.write("notes.md", SECRET)
    assert "then git stash again" in gated.refused("stash")
    gated.write("notes.md", "clean\n")
    gated.git("stash")


@pytest.mark.slow
@pytest.mark.long
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
