"""A commit that is not made: refused by a hook, or not possible; with what mends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from samples import TOKEN, Repository

pytestmark = pytest.mark.slow  # each takes little, all together take long

MOVE = ("issue", "status", "CTO-WORK-019", "in_progress", "--reason", "reopened")

# A hook that kills every process of its group: itself, the git that runs it, and the sotctl that runs git.
KILLING_HOOK = f"""#!{sys.executable}
import os, signal, sys
if sys.argv[1] == "prepared":
    os.killpg(0, signal.SIGKILL)
"""


def hook(store: Repository, name: str, text: str) -> None:
    store.write(f".git/hooks/{name}", text).chmod(0o755)


def is_untouched(store: Repository) -> bool:
    return store.git("status", "--porcelain") == "" and store.git("rev-list", "--count", "HEAD") == "1\n"


@pytest.mark.parametrize("name", ["index", "HEAD", "refs/heads/main"])
@pytest.mark.parametrize("verb", [MOVE, ("commit", "-m", "x")], ids=["issue status", "commit"])
def test_a_lock_that_was_left_is_seen_before_anything_is_written(
    store: Repository, name: str, verb: tuple[str, ...]
) -> None:
    lock = store.write(f".git/{name}.lock", "")
    os.utime(lock, (0, 0))  # it has been waited for long enough
    done = store.run(*verb)
    assert done.returncode == 3
    assert done.stderr == (
        f"error: another git holds {lock.name}; nothing was written\nhint: if none is running: rm {lock}\n"
    )
    assert is_untouched(store)
    lock.unlink()
    assert store.run(*MOVE).returncode == 0


def test_a_lock_that_comes_in_the_middle_is_named_with_what_removes_it(store: Repository) -> None:
    hook(store, "prepare-commit-msg", "#!/bin/sh\n: > .git/HEAD.lock\n")
    done = store.run(*MOVE)
    assert done.returncode == 3
    assert "error: another git holds HEAD.lock; nothing was changed" in done.stderr
    assert f"hint: if none is running: rm {store.path}/.git/HEAD.lock" in done.stderr
    assert is_untouched(store)


def test_killed_together_with_git_the_next_command_names_what_git_left(store: Repository) -> None:
    hook(store, "reference-transaction", KILLING_HOOK)
    command = [sys.executable, "-m", "sotctl", *MOVE]
    done = subprocess.run(command, cwd=store.path, capture_output=True, check=False, start_new_session=True)
    assert done.returncode == -signal.SIGKILL
    left = sorted(path for path in (store.path / ".git").rglob("*.lock"))
    assert left
    (store.path / ".git/hooks/reference-transaction").unlink()
    for lock in left:
        os.utime(lock, (0, 0))
    named = store.run(*MOVE)
    assert named.returncode == 3
    assert any(f"rm {lock}" in named.stderr for lock in left)
    assert is_untouched(store)
    for lock in left:
        lock.unlink()
    assert store.run(*MOVE).returncode == 0


@pytest.mark.parametrize("verb", [MOVE, ("commit", "-m", "x")], ids=["issue status", "commit"])
def test_a_signature_that_fails_is_no_refusal(
    store: Repository, verb: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    store.git("config", "commit.gpgSign", "true")
    store.git("config", "gpg.program", "false")
    staged(store)
    done = store.run(*verb)
    assert (done.returncode, "gpg failed to sign the data" in done.stderr + capfd.readouterr().err) == (3, True)


@pytest.mark.parametrize(("code", "status"), [(1, 1), (2, 1), (3, 3)])
@pytest.mark.parametrize("name", ["pre-commit", "commit-msg", "prepare-commit-msg", "reference-transaction"])
@pytest.mark.parametrize("verb", [MOVE, ("commit", "-m", "x")], ids=["issue status", "commit"])
def test_what_a_hook_ends_with_says_whether_it_refused(
    store: Repository, verb: tuple[str, ...], name: str, code: int, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    hook(store, name, f"#!/bin/sh\necho no such luck >&2\nexit {code}\n")
    staged(store)
    done = store.run(*verb)
    assert (done.returncode, "no such luck" in done.stderr + capfd.readouterr().err) == (status, True)


def test_a_tree_that_cannot_be_written_is_no_refusal(store: Repository) -> None:
    """Git ends with 1 here, as where a hook refuses."""
    hook(store, "pre-commit", "#!/bin/sh\nrm -rf .git/objects/??\n")
    done = store.run(*MOVE)
    assert (done.returncode, "git could not commit" in done.stderr) == (3, True)


def test_a_refusal_of_ours_stays_one(store: Repository) -> None:
    message = store.write("message.txt", f"See {TOKEN}\n")
    refused = store.run("commit", "--", "--allow-empty", "--no-verify", "-F", str(message))
    assert (refused.returncode, TOKEN in refused.stderr) == (1, False)


def staged(store: Repository) -> Path:
    """Something for `sotctl commit`."""
    path = store.write("clean.txt", "clean\n")
    store.git("add", "clean.txt")
    return path
