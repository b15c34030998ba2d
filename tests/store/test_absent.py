"""What is said where git refuses a repository, or a store is tracked and not in the work tree."""

from __future__ import annotations

import os
import shutil

import pytest

from samples import REFERENCE_PATH, Repository

STRANGER = 12345
VERBS = [("check", "--all"), ("hooks", "status"), ("issue", "list"), ("init",), ("scan", "--history", ".")]


@pytest.mark.needs_root
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_repository_of_another_user_is_told_in_the_words_of_git(store: Repository, verb: tuple[str, ...]) -> None:
    for path in (store.path, store.path / ".git"):
        os.chown(path, STRANGER, STRANGER)
    done = store.run(*verb)
    where = "." if "scan" in verb else store.path
    assert (done.returncode, done.stdout, done.stderr) == (
        3,
        "",
        f"error: git does not trust {where}, which belongs to another user\n"
        f"hint: git config --global --add safe.directory {store.path}\n",
    )


def test_a_git_file_that_leads_nowhere_is_told_in_the_words_of_git(store: Repository) -> None:
    (store.path / ".git").rename(store.path / "moved")
    store.write(".git", "gitdir: nowhere\n")
    done = store.run("check", "--all")
    assert (done.returncode, done.stderr) == (
        3,
        f"error: git cannot use {store.path}: not a git repository: {store.path}/nowhere\nhint: git status\n",
    )


@pytest.mark.parametrize("verb", [("check", "--all"), ("init",)], ids=" ".join)
def test_a_sparse_checkout_without_the_store_says_what_brings_it(store: Repository, verb: tuple[str, ...]) -> None:
    store.write("a/a", "1\n")
    store.git("add", "-A")
    store.git("commit", "-qm", "A folder")
    store.git("sparse-checkout", "set", "a")
    done = store.run(*verb)
    assert (done.returncode, done.stderr) == (
        3,
        "error: git tracks .sot, and it is not checked out: this is a sparse checkout\nhint: git sparse-checkout add .sot\n",
    )
    store.git("sparse-checkout", "add", ".sot")
    assert store.run("check", "--all").returncode == 0


def test_a_store_that_is_checked_out_in_part_is_not_taken_for_the_whole(store: Repository) -> None:
    store.write(".sot/03-PROTOCOLS/a.txt", "A\n")
    store.git("add", "-A")
    store.git("commit", "-qm", "A file")
    store.git("sparse-checkout", "set", ".sot/02-ISSUES")
    done = store.run("issue", "list")
    assert (store.path / REFERENCE_PATH).is_file()
    assert (done.returncode, done.stderr) == (
        3,
        "error: git tracks .sot, and one file of it is not checked out: this is a sparse checkout\n"
        "hint: git sparse-checkout add .sot\n",
    )


def test_init_does_not_make_a_second_store_where_the_first_was_deleted(store: Repository) -> None:
    shutil.rmtree(store.path / ".sot")
    done = store.run("init")
    assert (done.returncode, done.stderr) == (
        3,
        "error: git tracks .sot, and it is not in the work tree\nhint: git restore .sot\n",
    )
    store.git("restore", ".sot")
    assert store.run("check", "--all").returncode == 0


def test_a_work_tree_in_which_nothing_is_checked_out_says_so(store: Repository) -> None:
    store.git("worktree", "add", "-q", "--no-checkout", "-b", "other", "../other")
    other = Repository(store.path.parent / "other")
    done = other.run("init")
    assert (done.returncode, done.stderr) == (
        3,
        "error: git tracks .sot, and nothing is checked out here\nhint: git reset --hard\n",
    )
    other.git("reset", "-q", "--hard")
    assert other.run("check", "--all").returncode == 0
