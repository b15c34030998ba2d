"""Merges that git makes, in the store at the top and in one in a folder, as hooks see them."""

from __future__ import annotations

import pytest

from gated import Gated
from samples import ANSWERS, REFERENCE

pytestmark = pytest.mark.slow  # each takes little, all together take long

ISSUES = ".sot/02-ISSUES/issues.md"
HEADER = REFERENCE.partition(b"\n---\n")[0].decode() + "\n---\n"
BLOCKED = f"{HEADER}\n## CTO-WORK-019 - A\n\nStatus: validated.\n\n## CTO-WORK-020 - B\n\nStatus: blocked.\n\nBlocked by:\n\n- a decision\n"


@pytest.fixture(params=["", "team/"])
def placed(unborn: Gated, request: pytest.FixtureRequest) -> tuple[Gated, str]:
    """A repository with a store at the top or in a folder, and the folder."""
    unborn.commit(f"{request.param}{ISSUES}", BLOCKED)
    return unborn, request.param


def moved(gated: Gated, folder: str, *arguments: str) -> None:
    done = gated.sotctl(*arguments, "--store", folder or ".")
    assert done.returncode == 0, done.stderr


def test_a_merge_keeps_a_revocation(placed: tuple[Gated, str]) -> None:
    gated, folder = placed
    moved(gated, folder, "decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes")
    gated.git("checkout", "-q", "-b", "side")
    gated.commit("side.txt")
    gated.git("checkout", "-q", "main")
    moved(gated, folder, "admission", "revoke", "--reason", "closed")
    gated.git("checkout", "-q", "side")
    said = gated.refused("merge", "-q", "-s", "ours", "-m", "m", "main")
    assert "[merge-undoes]" in said
    assert "also not by a merge" in said
    gated.git("merge", "--abort")
    by_hand = gated.git("commit-tree", "side^{tree}", "-p", "side", "-p", "main", "-m", "x")
    assert "[merge-undoes]" in gated.refused("update-ref", "refs/heads/main", by_hand)
    gated.git("merge", "-q", "-m", "m", "main")


def test_a_merge_keeps_a_reopening_and_says_how(placed: tuple[Gated, str]) -> None:
    gated, folder = placed
    gated.git("checkout", "-q", "-b", "side")
    gated.commit("side.txt")
    gated.git("checkout", "-q", "main")
    moved(gated, folder, "issue", "status", "CTO-WORK-019", "in_progress", "--reason", "a fault")
    gated.git("checkout", "-q", "side")
    said = gated.refused("merge", "-q", "-s", "ours", "-m", "m", "main")
    assert "CTO-WORK-019 became in_progress on one side, and the merge takes it back to validated" in said
    gated.git("restore", "--source=main", "--staged", "--worktree", f"{folder}{ISSUES}")
    gated.git("commit", "-qm", "m")


@pytest.mark.parametrize("options", [["-X", "theirs"], ["-s", "ours"]], ids=" ".join)
def test_an_unrelated_history_is_held_against_both(placed: tuple[Gated, str], options: list[str]) -> None:
    gated, folder = placed
    gated.git("checkout", "-q", "--orphan", "other")
    gated.write(f"{folder}{ISSUES}", BLOCKED.replace("Status: blocked.", "Status: in_progress."))
    gated.git("add", "-A")
    assert "[issue-new-status]" in gated.refused("commit", "-qm", "x")
    gated.ungated("commit", "-qm", "x")
    gated.git("update-ref", "refs/remotes/origin/other", "other")
    gated.git("checkout", "-q", "main")
    gated.ungated("branch", "-D", "other")
    if "ours" in options:  # from the other side
        gated.git("checkout", "-q", "--detach", "origin/other")
    merge = ("merge", "--allow-unrelated-histories", *options, "-m", "m", "origin/other" if "-X" in options else "main")
    said = gated.refused(*merge)
    assert "CTO-WORK-020 cannot leave blocked for in_progress" in said


def test_a_move_of_an_unrelated_history_is_not_taken_back(unborn: Gated) -> None:
    """The last move of an issue is one of this history: taking back another's would take it out of blocked."""
    free = BLOCKED.replace("CTO-WORK-020", "CTO-WORK-018")
    unborn.commit(ISSUES, free)
    unborn.git("checkout", "-q", "--orphan", "other")
    unborn.commit(ISSUES, free.replace("Status: blocked.", "Status: in_progress."))
    unborn.commit(ISSUES, f"{free}\n")
    unborn.git("checkout", "-q", "main")
    unborn.git("merge", "-q", "--allow-unrelated-histories", "-X", "theirs", "-m", "m", "other")
    unborn.write(ISSUES, free.replace("Status: blocked.", "Status: in_progress."))
    unborn.git("add", "-A")
    assert "[status-move]" in unborn.refused("commit", "-qm", "back")


def test_a_move_that_a_merge_brought_is_taken_back(unborn: Gated) -> None:
    unborn.commit(ISSUES, BLOCKED)
    unborn.git("checkout", "-q", "-b", "side")
    moved(unborn, "", "issue", "status", "CTO-WORK-019", "in_progress", "--reason", "a fault")
    moved(unborn, "", "issue", "status", "CTO-WORK-019", "blocked", "--reason", "a part is missing")
    move = unborn.git("rev-parse", "HEAD")
    unborn.git("checkout", "-q", "main")
    unborn.commit("main.txt")
    unborn.git("merge", "-q", "--no-ff", "-m", "m", "side")
    unborn.git("revert", "--no-edit", move)
    unborn.git("revert", "--no-edit", f"{move}^")
