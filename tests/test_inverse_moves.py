"""Only the exact inverse of an issue's last move passes without what the move itself would need."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from samples import REFERENCE_PATH, Repository, template

pytestmark = pytest.mark.slow  # each takes little, all together take long

OLDER = b"- an older blocker\n"


@pytest.fixture(scope="module")
def blocked_template(store_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose issue A-1 has an older blocker, was ready, and was then blocked; made once, and only copied."""
    with template(tmp_path_factory, store_template) as store:
        store.done("issue", "new", "A-1", "First")
        store.done("issue", "status", "A-1", "ready")
        store.write(REFERENCE_PATH, store.read(REFERENCE_PATH) + b"\nBlocked by:\n\n" + OLDER)
        store.git("commit", "-qam", "Say what may block it")
        store.done("issue", "status", "A-1", "blocked", "--reason", "no budget")
    return store.path


@pytest.fixture
def blocked(blocked_template: Path, tmp_path: Path) -> Repository:
    """A copy of that store."""
    shutil.copytree(blocked_template, tmp_path / "work", symlinks=True)
    return Repository(tmp_path / "work")


def commit(store: Repository, *changes: tuple[bytes, bytes]) -> tuple[int, str]:
    data = store.read(REFERENCE_PATH)
    for old, new in changes:
        head, found, tail = data.rpartition(old)
        assert found
        data = head + new + tail
    store.write(REFERENCE_PATH, data)
    done = store.try_git("commit", "-qam", "by hand")
    return done.returncode, done.stderr


READY = (b"Status: blocked.", b"Status: ready.")
REASON = (b"- no budget\n", b"")


def test_the_exact_inverse_made_by_hand_passes(blocked: Repository) -> None:
    assert commit(blocked, READY, REASON)[0] == 0


@pytest.mark.parametrize(
    "changes",
    [
        (READY,),
        (READY, REASON, (OLDER, b"")),
        (READY, REASON, (b"\nBlocked by:\n\n" + OLDER, b"")),
        (READY, REASON, (OLDER, b"- another one\n")),
        (READY, (b"- no budget\n", b"- no  budget (cleared 2026-06-01: x)\n"), (OLDER, b"")),
    ],
)
def test_what_is_not_the_exact_inverse_is_refused(
    blocked: Repository, changes: tuple[tuple[bytes, bytes], ...]
) -> None:
    code, said = commit(blocked, *changes)
    assert (code, "status-move" in said) == (1, True), said


def test_a_move_can_be_taken_back_although_other_lines_were_edited_since(blocked: Repository) -> None:
    assert commit(blocked, (b"## A-1 - First\n", b"## A-1 - First of all\n"))[0] == 0
    blocked.git("revert", "--no-edit", "HEAD~1")
    blocked.git("reset", "-q", "--hard", "HEAD~1")
    blocked.done("issue", "status", "A-1", "--undo")
    after = b"## A-1 - First of all\n\nStatus: ready.\n\nBlocked by:\n\n" + OLDER
    assert blocked.read(REFERENCE_PATH).endswith(after)


def test_a_move_whose_blocker_was_edited_since_has_no_exact_inverse(blocked: Repository) -> None:
    assert commit(blocked, (b"- no budget\n", b"- no budget until June\n"))[0] == 0
    done = blocked.run("issue", "status", "A-1", "--undo")
    assert (done.returncode, "cannot be undone" in done.stderr) == (1, True), done.stderr


RENAMED = '[issues.statuses]\nready = ["blocked"]\nblocked = ["done", "ready"]\ndone = ["in_progress"]\n'


def test_a_status_that_the_store_adds_is_a_step_forward(store: Repository) -> None:
    """Blockers, effect and reason hold for it as for the statuses of the default table."""
    store.write(".sot/sot.toml", RENAMED)
    store.git("add", "-A")
    store.git("commit", "-qm", "Rename a status")
    done = store.run("issue", "status", "CTO-WORK-020", "done")
    assert (done.returncode, "Human provider approval" in done.stderr) == (1, True), done.stderr
    assert "no admission is in force" in done.stderr
    code, said = commit(store, (b"Status: blocked.", b"Status: done."))
    assert (code, "cannot leave blocked for done" in said) == (1, True), said
    store.git("reset", "-q", "--hard")
    store.done("issue", "new", "A-1", "First")
    store.done("issue", "status", "A-1", "blocked", "--reason", "no budget")
    assert store.run("issue", "status", "A-1", "done").returncode == 1
    store.done("issue", "unblock", "A-1", "1", "--because", "there is one")
    store.done("issue", "status", "A-1", "done")
    assert "needs a reason" in store.run("issue", "status", "A-1", "in_progress").stderr


@pytest.mark.decided
def test_history_does_not_believe_what_is_shown_in_place_of_a_commit(store: Repository) -> None:
    told = store.done("history", "CTO-WORK-020")
    head = store.git("rev-parse", "HEAD").strip()
    other = store.git("commit-tree", "HEAD^{tree}", "-m", "Another").strip()
    store.git("replace", head, other)
    assert store.done("history", "CTO-WORK-020") == told
    store.git("config", "core.useReplaceRefs", "true")
    assert store.done("history", "CTO-WORK-020") == told
    store.write(".git/info/grafts", f"{head}\n")
    assert store.done("history", "CTO-WORK-020") == told
    store.git("replace", "-d", head)
    store.git("update-ref", f"refs/replace/{head}", head)
    assert store.done("history", "CTO-WORK-020") == told


@pytest.mark.decided
def test_history_in_a_shallow_clone_says_that_the_beginning_is_hidden(store: Repository, tmp_path: Path) -> None:
    """The oldest commit that is there holds the approval, and nobody can tell from it who gave it, and when."""
    store.done("admission", "revoke", "--reason", "closed")
    store.git("clone", "-q", "--depth", "2", f"file://{store.path}", str(tmp_path / "shallow"))
    clone = Repository(tmp_path / "shallow")
    edge = clone.git("rev-parse", "HEAD~1").strip()
    told = clone.done("history", "CTO-WORK-020")
    assert " ".join(told.split()).startswith(f"this clone is shallow: what happened up to {edge[:12]} is not here;")
    assert "external_provider_approved" not in told
    assert "archived" in told
    assert json.loads(clone.done("history", "CTO-WORK-020", "--json"))["begins"] == [edge]
