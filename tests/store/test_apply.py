"""A plan becomes real whole or not at all, wherever it is killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from samples import ADMISSION_PATH, ANSWERS, RECORD_PATH, REFERENCE, REFERENCE_PATH, Repository
from sotctl.hooks.shim import KEPT
from sotctl.plan import Plan
from sotctl.store.apply import apply, recover, writing
from sotctl.store.lock import LockedError, locked
from sotctl.store.store import Store

pytestmark = pytest.mark.slow  # each takes little, all together take long

# Reads numbers; for each n, a copy of itself runs sotctl and ends with SIGKILL at the n-th event by which a program
# touches the disk or starts another. Written back is how it ended. What is imported before is not imported each time.
KILLED = textwrap.dedent(
    """
    import os, signal, sys
    import sotctl.cli, sotctl.commands.decide
    EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.chmod", "subprocess.Popen", "os.posix_spawn", "fcntl.flock"}
    def kill_at(limit):
        count = 0
        def watch(event, arguments):
            nonlocal count
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if event in EVENTS or writes:
                count += 1
                if count == limit:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(watch)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.dup2(0, 2)
        sotctl.cli.main()
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if not child:
            kill_at(int(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    """
)


def state(repository: Repository) -> tuple[bool, bool, str, int]:
    """Whether each of the two files is there, what git sees as changed, and how many commits there are."""
    files = [(repository.path / path).exists() for path in (RECORD_PATH, ADMISSION_PATH)]
    leftovers = [path for path in (repository.path / ".sot").rglob("*.sotctl-new")]
    assert leftovers == []
    commits = int(repository.git("rev-list", "--count", "HEAD"))
    return files[0], files[1], repository.git("status", "--porcelain"), commits


BEFORE, AFTER = (False, False, "", 1), (True, True, "", 2)


@pytest.fixture
def decide_killed_at(store: Repository) -> Iterator[Callable[[int], int]]:
    """Decide in the store, killed at the n-th event; gives how it ended."""
    command = [sys.executable, "-c", KILLED, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=store.path, stdin=pipe, stdout=pipe, text=True, bufsize=1) as starter:
        stdin, stdout = starter.stdin, starter.stdout
        assert stdin is not None
        assert stdout is not None

        def decide(step: int) -> int:
            stdin.write(f"{step}\n")
            return int(stdout.readline())

        yield decide
        stdin.close()


def fresh(repository: Repository) -> None:
    """Back to the first commit, as if nothing had been decided."""
    repository.git("reset", "-q", "--hard", "HEAD~1") if AFTER[3] == int(
        repository.git("rev-list", "--count", "HEAD")
    ) else None
    repository.git("clean", "-qfdx")


@pytest.mark.long
def test_killed_at_any_step_the_next_command_finds_before_or_after(
    store: Repository, decide_killed_at: Callable[[int], int], record_property: Any
) -> None:
    """SIGKILL at every step that touches the disk or starts git, one run for each, until a run comes through."""
    outcomes, step = [], 0
    while True:
        step += 1
        assert step < 500
        status = decide_killed_at(step)
        repaired = store.run("issue", "list")
        assert repaired.returncode == 0, repaired.stderr
        now = state(store)
        assert now in (BEFORE, AFTER), f"step {step}: {now}\n{repaired.stderr}"
        assert store.run("check", "--all").returncode == 0
        outcomes.append(now == AFTER)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        fresh(store)
    assert state(store) == AFTER
    assert outcomes.count(False) > 10
    record_property(
        "SIGKILL while applying", f"{step - 1} runs, {outcomes.count(False)} as before, the others as after"
    )


@pytest.mark.parametrize("hook", ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"])
def test_git_and_sotctl_killed_together_inside_a_hook(store: Repository, hook: str) -> None:
    path = store.path / ".git" / "hooks" / hook
    (path.rename(path.with_suffix(".kept")) if path.exists() else None)
    store.write(f".git/hooks/{hook}", "#!/bin/sh\nkill -9 0\n").chmod(0o755)
    command = [sys.executable, "-m", "sotctl", "decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes"]
    done = subprocess.run(command, cwd=store.path, capture_output=True, check=False, start_new_session=True)
    assert done.returncode == -signal.SIGKILL
    with locked(Store(top=store.path, folder=".sot").private, "waiting until git is gone too"):
        path.unlink()
    repaired = store.run("issue", "list")
    assert "what was cut off" in repaired.stderr
    assert state(store) == (AFTER if hook == "post-commit" else BEFORE)
    assert not list((store.path / ".git").glob("index.lock"))


@pytest.mark.long
def test_a_lock_on_the_index_is_seen_before_anything_is_written(store: Repository) -> None:
    lock = store.write(".git/index.lock", "")
    refused = store.run("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "another git holds index.lock; nothing was written" in refused.stderr
    assert f"hint: if none is running: rm {lock}" in refused.stderr
    lock.unlink()
    assert state(store) == BEFORE


@pytest.mark.long
def test_a_lock_that_comes_with_the_commit_is_told_and_the_next_command_finishes(store: Repository) -> None:
    store.write(".git/hooks/post-commit", "#!/bin/sh\n: > .git/index.lock\n").chmod(0o755)
    told = store.run("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
    commit = store.git("rev-parse", "--short=9", "HEAD").strip()
    assert told.returncode == 3
    assert f"committed {commit}, but the index could not be brought along" in told.stderr
    assert "then run any sotctl command" in told.stderr
    (store.path / ".git/index.lock").unlink()
    assert "finished what was cut off" in store.run("issue", "list").stderr
    assert state(store) == AFTER


def test_a_refused_commit_leaves_everything_as_it_was(store: Repository) -> None:
    store.write(".git/hooks/prepare-commit-msg", "#!/bin/sh\necho no such luck >&2\nexit 1\n").chmod(0o755)
    done = store.decide()
    assert done.returncode == 1
    assert "no such luck" in done.stderr
    assert state(store) == BEFORE
    assert not (store.path / ".sot/01-DECISIONS/x").exists()


def test_what_else_is_staged_stays_staged_and_out_of_the_commit(store: Repository) -> None:
    store.write("other.txt", "staged\n")
    store.write("third.txt", "not staged\n")
    store.git("add", "other.txt")
    assert store.decide().returncode == 0
    assert store.git("status", "--porcelain").splitlines() == ["A  other.txt", "?? third.txt"]
    assert store.git("show", "--name-only", "--format=").splitlines() == [RECORD_PATH, ADMISSION_PATH]


def test_what_is_staged_while_git_commits_stays_staged(store: Repository) -> None:
    """The index that was committed from is older than the user's: it must not take its place."""
    store.write("other.txt", "staged\n")
    hook = "#!/bin/sh\nunset GIT_INDEX_FILE\ngit add other.txt\n"
    store.write(".git/hooks/post-commit", hook).chmod(0o755)
    assert store.decide().returncode == 0
    assert store.git("status", "--porcelain").splitlines() == ["A  other.txt"]


def test_what_a_hook_adds_to_the_commit_is_in_the_index_too(store: Repository) -> None:
    store.write("other.txt", "added\n")
    store.write(f".git/hooks/pre-commit{KEPT}", "#!/bin/sh\ngit add other.txt\n").chmod(0o755)
    assert store.decide().returncode == 0
    assert "other.txt" in store.git("show", "--name-only", "--format=").split()
    assert store.git("status", "--porcelain") == ""


def test_in_a_repository_without_a_commit_too(empty: Repository) -> None:
    empty.done("init", "--no-hooks")
    empty.write("other.txt", "staged\n")
    empty.git("add", "other.txt")
    store = Store(top=empty.path, folder=".sot")
    path = ".sot/02-ISSUES/new.md"
    apply(store, Plan(files={path: REFERENCE}, before={path: None}, message="Add the issues\n"))
    store.objects.close()
    assert empty.git("ls-tree", "-r", "--name-only", "HEAD").split() == [path]
    assert empty.git("diff", "--cached", "--name-only", "HEAD").split() == ["other.txt"]


@pytest.mark.decided
def test_a_file_with_changes_of_its_own_is_in_the_way(store: Repository) -> None:
    store.write(RECORD_PATH, store.read(RECORD_PATH).replace(b"owner: jp", b"owner: jp  # me"))
    done = store.run("admission", "revoke", "--reason", "closed")
    assert (done.returncode, "changes that are not committed" in done.stderr) == (1, True)
    assert b'"admitted"' in store.read(ADMISSION_PATH)


def test_a_file_changed_after_it_was_read_is_not_overwritten(store: Repository) -> None:
    opened = Store(top=store.path, folder=".sot")
    plan = Plan(files={REFERENCE_PATH: b"new"}, before={REFERENCE_PATH: REFERENCE}, message="x\n")
    store.write(REFERENCE_PATH, REFERENCE + b"\nanother writer\n")
    with pytest.raises(Exception, match="changed by another"):
        apply(opened, plan)
    assert store.read(REFERENCE_PATH) == REFERENCE + b"\nanother writer\n"


@pytest.mark.parametrize("marker", ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"])
def test_in_the_middle_of_something_it_says_so_and_writes_nothing(store: Repository, marker: str) -> None:
    store.write(f".git/{marker}", store.git("rev-parse", "HEAD"))
    done = store.decide()
    assert (done.returncode, "in the middle of" in done.stderr) == (1, True)
    assert not (store.path / RECORD_PATH).exists()


@pytest.mark.parametrize("command", ["am", "rebase"])
def test_the_hint_names_the_command_that_git_is_in_the_middle_of(store: Repository, command: str) -> None:
    """`git am` and `git rebase --apply` keep their state in the same directory, and only its own command ends each."""
    start = store.git("rev-parse", "HEAD").strip()
    store.write("a.txt", "theirs\n")
    store.git("add", "a.txt")
    store.git("commit", "-qm", "theirs", "--no-verify")
    theirs = store.git("rev-parse", "HEAD").strip()
    patch = store.path.parent / "theirs.patch"
    patch.write_text(store.git("format-patch", "--stdout", "-1") + "\n")
    store.git("reset", "-q", "--hard", start)
    store.write("a.txt", "ours\n")
    store.git("add", "a.txt")
    store.git("commit", "-qm", "ours", "--no-verify")
    stopping = ["am", str(patch)] if command == "am" else ["rebase", "--apply", theirs]
    subprocess.run(["git", *stopping], cwd=store.path, capture_output=True, check=False)
    done = store.decide()
    assert (done.returncode, f"git {command} --continue or --abort first" in done.stderr) == (1, True)
    assert not (store.path / RECORD_PATH).exists()
    store.git(command, "--abort")
    assert store.decide().returncode == 0


def test_without_a_name_git_cannot_commit_and_nothing_is_written(store: Repository, tmp_path: Path) -> None:
    (tmp_path / "anonymous").write_text("[user]\nuseConfigOnly = true\n")
    done = store.run(
        "decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes", GIT_CONFIG_GLOBAL=str(tmp_path / "anonymous")
    )
    assert (done.returncode, "does not know who you are" in done.stderr) == (3, True)
    assert state(store) == BEFORE


def test_a_full_disk_leaves_everything_as_it_was(store: Repository) -> None:
    """A file size limit fails a write as a full disk does, with an error from the kernel half way through."""
    script = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600)); from sotctl.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        script,
        "decide",
        "CTO-WORK-020",
        "--answers",
        str(ANSWERS),
        "--yes",
        "--no-commit",
    ]
    done = subprocess.run(command, cwd=store.path, capture_output=True, text=True, check=False)
    assert done.returncode in (3, 4)
    assert store.run("issue", "list").returncode == 0
    assert state(store) == BEFORE


def test_no_commit_writes_and_leaves_the_commit_to_the_user(store: Repository) -> None:
    assert store.decide("--no-commit").returncode == 0
    assert state(store)[:2] == (True, True)
    assert state(store)[3] == 1
    assert store.run("check", "--all").returncode == 0


def test_a_dry_run_changes_nothing(store: Repository) -> None:
    done = store.decide("--dry-run")
    assert (done.returncode, "+++ b/" + ADMISSION_PATH in done.stdout) == (0, True)
    assert state(store) == BEFORE


def test_two_writers_take_turns(store: Repository) -> None:
    """Both want to decide; one does, the other is told that it has been decided."""
    command = [sys.executable, "-m", "sotctl", "decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes"]
    writers = [
        subprocess.Popen(command, cwd=store.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [(writer.communicate()[1], writer.returncode) for writer in writers]
    assert sorted(status for _, status in said) == [0, 1, 1, 1], said
    assert state(store) == AFTER


def test_who_waits_too_long_is_told_who_holds_the_lock(store: Repository) -> None:
    opened = Store(top=store.path, folder=".sot")
    with (opened.private / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("process 7, deciding")
        held.flush()
        with pytest.raises(LockedError, match="process 7, deciding"), locked(opened.private, "other", patience_s=0.1):
            pass


def test_a_writer_that_holds_the_lock_does_not_wait_for_itself(store: Repository) -> None:
    opened = Store(top=store.path, folder=".sot")
    with writing(opened, "deciding") as outer, writing(opened, "deciding") as inner:
        assert outer == inner


def killed_in_a_commit(store: Repository) -> list[Path]:
    """Kill sotctl and its git while git holds the locks of HEAD and of the branch; return what is left of them."""
    hook = store.write(
        ".git/hooks/reference-transaction.before-sotctl", '#!/bin/sh\n[ "$1" != prepared ] || kill -9 0\n'
    )
    hook.chmod(0o755)
    command = [sys.executable, "-m", "sotctl", "decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes"]
    done = subprocess.run(command, cwd=store.path, capture_output=True, start_new_session=True, check=False)
    assert done.returncode == -signal.SIGKILL
    hook.unlink()
    return [
        path for path in (store.path / ".git" / name for name in ("HEAD.lock", "refs/heads/main.lock")) if path.exists()
    ]


def test_locks_that_a_killed_git_of_ours_left_are_removed(store: Repository) -> None:
    left = killed_in_a_commit(store)
    assert [path.name for path in left] == ["HEAD.lock", "main.lock"]
    said = store.run("issue", "list").stderr
    assert "removed HEAD.lock and main.lock, which a git of ours left when it was killed" in said
    assert [path for path in left if path.exists()] == []
    assert store.decide().returncode == 0


def test_locks_that_may_be_those_of_a_git_at_work_are_told_as_one_thing(store: Repository) -> None:
    left = killed_in_a_commit(store)
    for path in (store.path / ".git/sotctl/journal.json", *left):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    with subprocess.Popen(["git", "cat-file", "--batch"], cwd=store.path, stdin=subprocess.PIPE) as git:
        # A git that is a child of the same process is its own, and not at work.
        done = store.spawn("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
        git.kill()
    assert "another git holds HEAD.lock and main.lock; nothing was written" in done.stderr
    assert f"rm {left[0]} {left[1]}" in done.stderr
    for path in left:
        path.unlink()
    assert store.decide().returncode == 0


def test_writers_on_one_document_all_succeed_in_turn(store: Repository) -> None:
    """Each plans on what it read; one that comes too late plans again, and is not refused for it."""
    names = [f"AB-{number}" for number in range(1, 9)]
    heading = REFERENCE.partition(b"\n---\n")[0] + b"\n---\n"
    sections = "".join(f"\n## {name} - x\n\nStatus: draft.\n" for name in names)
    path = ".sot/02-ISSUES/together.md"
    store.write(path, heading + sections.encode())
    store.git("add", "-A")
    store.git("commit", "-qm", "More issues")
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "sotctl", "issue", "status", name, "ready"],
            cwd=store.path,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [("", 0)] * len(names)
    assert store.read(path).count(b"Status: ready.") == len(names)
    assert store.git("rev-list", "--count", "HEAD").strip() == "10"


@pytest.mark.decided
def test_nothing_is_half_done_after_success(store: Repository) -> None:
    opened = Store(top=store.path, folder=".sot")
    with writing(opened, "looking"):
        recover(opened)
    assert sorted(path.name for path in opened.private.iterdir()) == ["lock"]


def test_a_linked_work_tree_has_a_store_of_its_own(store: Repository, tmp_path: Path) -> None:
    store.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
    linked = Repository(tmp_path / "linked")
    assert linked.decide().returncode == 0
    assert state(linked)[:2] == (True, True)
    assert state(store)[:2] == (False, False)
