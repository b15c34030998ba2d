"""On a disk that is really full: a sentence, an exit status that is not 0, and nothing lost."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from samples import ANSWERS, TOKEN, Repository

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs("unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"),
]
SOTCTL = f"{shlex.quote(sys.executable)} -m sotctl"
FREE_KIB = (0, 4, 12, 40, 120, 400)
"""What is left of the disk: too little at once, for the journal, for git's objects, for its index; then enough."""


def on_a_full_disk(repository: Repository, free_kib: int, command: str) -> tuple[int, str, str]:
    """Run a command in a copy of the repository on a small file system that is full but for *free_kib*.

    Gives its exit status, what it said, and what git and sotctl say once there is room again.
    """
    place, said = repository.path.parent / "small", repository.path.parent / "said"
    place.mkdir(exist_ok=True)
    script = f"""
        mount -t tmpfs -o size=8m tmpfs {place} && cp -a {repository.path}/. {place} && cd {place}
        head -c {free_kib}k /dev/zero > room; cat /dev/zero > filler 2>/dev/null; rm room
        {command} > {said} 2>&1 || status=$?
        rm filler
        echo "status ${{status:-0}}"
        git fsck --strict 2>&1; git status --porcelain; git rev-parse HEAD
        {SOTCTL} issue list --json && {SOTCTL} check --all
    """
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], env=os.environ.copy(), capture_output=True, text=True, check=False
    )
    first, _, after = done.stdout.partition("\n")
    return int(first.removeprefix("status ")), said.read_text(), after + done.stderr


def is_as_before(repository: Repository, after: str) -> bool:
    """Whether what is said afterwards is what the untouched repository says."""
    head, listed = repository.git("rev-parse", "HEAD"), repository.done("issue", "list", "--json")
    return head.strip() in after and listed.strip() in after and "no findings" in after


@pytest.mark.parametrize("free_kib", FREE_KIB)
@pytest.mark.parametrize(
    "command",
    [
        f"{SOTCTL} issue status CTO-WORK-019 in_progress --reason reopened",
        f"{SOTCTL} decide CTO-WORK-020 --answers {ANSWERS} --yes",
    ],
    ids=["issue status", "decide"],
)
def test_a_change_is_made_whole_or_not_at_all(store: Repository, command: str, free_kib: int) -> None:
    status, said, after = on_a_full_disk(store, free_kib, command)
    assert "Traceback" not in said + after
    if status:
        assert said.strip()
        assert is_as_before(store, after), said + after
    else:
        assert "no findings" in after


@pytest.mark.parametrize("free_kib", FREE_KIB)
def test_a_secret_is_not_committed(store: Repository, free_kib: int, tmp_path: Path) -> None:
    store.write("notes.txt", f"key {TOKEN}\n")
    store.git("add", "notes.txt")
    status, said, after = on_a_full_disk(store, free_kib, "git commit -qm Notes")
    assert (status != 0, TOKEN in said) == (True, False)
    assert store.git("rev-parse", "HEAD") in after
