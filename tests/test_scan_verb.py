"""`sotctl scan` on files, folders, standard input and histories."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from samples import TOKEN, Repository

pytestmark = pytest.mark.slow  # each takes little, all together take long


@pytest.fixture
def folder(tmp_path: Path) -> Repository:
    (tmp_path / "plain").mkdir()
    return Repository(tmp_path / "plain")


def places(repository: Repository, *arguments: str, **environment: str) -> list[tuple[str, int, int]]:
    done = repository.run("scan", "--json", *arguments, **environment)
    assert TOKEN not in done.stdout + done.stderr
    return [(finding["path"], finding["line"], finding["column"]) for finding in json.loads(done.stdout)["findings"]]


def test_files_and_folders_are_scanned_without_a_store(folder: Repository) -> None:
    folder.write("a/one.txt", f"first\nkey {TOKEN}\n")
    folder.write("b.txt", "nothing\n")
    assert places(folder, ".") == [("a/one.txt", 2, 5)]
    assert folder.run("scan", ".").returncode == 1
    assert folder.run("scan", "b.txt").returncode == 0


def test_standard_input_is_scanned(folder: Repository) -> None:
    done = folder.run("scan", "-", stdin=f"x {TOKEN}")
    assert (done.returncode, "(standard input):1:3" in done.stdout) == (1, True)


def test_what_cannot_be_read_is_named_and_never_passed_over(folder: Repository) -> None:
    os.mkfifo(folder.path / "pipe")
    done = folder.run("scan", "pipe", "missing")
    assert done.returncode == 3
    assert "pipe: not a regular file" in done.stderr
    assert "missing: No such file" in done.stderr


def test_links_are_not_followed_below_a_folder(folder: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(TOKEN)
    (folder.path / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder.path / "linked").symlink_to(tmp_path)
    assert places(folder, ".") == []


def test_a_name_that_holds_a_secret_is_not_shown(folder: Repository) -> None:
    folder.write(f"{TOKEN}.txt", "x")
    assert places(folder, ".") == [("(name withheld)", 1, 1)]


def test_a_large_file_is_read_piece_by_piece(folder: Repository) -> None:
    lines = b"nothing to see here\n" * (9 << 16)
    folder.write("large.txt", lines + f"key {TOKEN}\n".encode())
    assert places(folder, "large.txt") == [("large.txt", lines.count(b"\n") + 1, 5)]


def test_many_bytes_are_scanned_by_more_processes_in_the_same_order(folder: Repository) -> None:
    for number in range(130):
        folder.write(f"{number:03d}.txt", "nothing to see here\n" * 1800 + f"key {TOKEN}\n")
    found = places(folder, ".", XDG_CACHE_HOME=str(folder.path.parent / "cache"))
    assert [path for path, _, _ in found] == [f"{number:03d}.txt" for number in range(130)]


@pytest.fixture
def endless(folder: Repository) -> Repository:
    """Two files that nobody reads to the end within the time of a test; they take no room on the disk."""
    for name in ("one.bin", "two.bin"):
        with (folder.path / name).open("wb") as file:
            file.truncate(64 << 30)
    return folder


def started(repository: Repository, *arguments: str) -> tuple[subprocess.Popen[str], list[int]]:
    """A scan in a process group of its own, and the ids of its processes once they are at work."""
    scan = subprocess.Popen(
        [sys.executable, "-m", "sotctl", "scan", *arguments],
        cwd=repository.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    workers: list[int] = []
    deadline = time.monotonic() + 30
    while len(workers) < (os.cpu_count() or 1) and time.monotonic() < deadline:
        time.sleep(0.1)
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        workers = [process for process, parent in pairs if parent == scan.pid]
    time.sleep(0.5)
    return scan, workers


def is_alive(process: int) -> bool:
    """Whether a process still runs; one that has ended may wait for whoever adopted it to ask for its status."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # it ended just now, or there is no /proc
        return sys.platform != "linux"
    return state != "Z"


@pytest.mark.parametrize("reaches", ["all processes", "the first"])
def test_an_interrupt_ends_a_long_scan_at_once(endless: Repository, reaches: str) -> None:
    scan, workers = started(endless, ".")
    since = time.monotonic()
    (os.killpg if reaches == "all processes" else os.kill)(scan.pid, signal.SIGINT)
    stdout, stderr = scan.communicate(timeout=30)
    assert time.monotonic() - since < 5
    assert (scan.returncode, stdout, stderr) == (130, "", "interrupted\n")
    assert [process for process in workers if is_alive(process)] == []


def test_a_process_that_is_killed_fails_the_scan(endless: Repository) -> None:
    scan, workers = started(endless, ".")
    for process in workers:
        os.kill(process, signal.SIGKILL)
    _, stderr = scan.communicate(timeout=30)
    assert (scan.returncode, "a scanning process was killed" in stderr) == (3, True)


def test_no_process_outlives_the_one_that_started_it(endless: Repository) -> None:
    scan, workers = started(endless, ".")
    scan.kill()
    scan.communicate(timeout=30)
    deadline = time.monotonic() + 10
    while (alive := [process for process in workers if is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in alive:
        os.kill(process, signal.SIGKILL)
    assert alive == []


def test_a_history_is_scanned_with_messages_and_what_was_removed(empty: Repository) -> None:
    empty.write("a.txt", f"key {TOKEN}\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "Add")
    empty.git("rm", "-q", "a.txt")
    empty.git("commit", "-qm", f"Remove {TOKEN}")
    found = [path.split(" ", 1)[1] for path, _, _ in places(empty, "--history")]
    assert sorted(found) == ["(commit)", "a.txt"]
    outside = empty.run("scan", "--history", str(empty.path.parent))
    assert (outside.returncode, "is not inside a git repository" in outside.stderr) == (3, True)


def peak_kib(repository: Repository, *arguments: str) -> int:
    """The most memory that a scan which finds nothing, or a process of it, took."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', 'sotctl', 'scan', *sys.argv[1:]], stdout=subprocess.DEVNULL)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=repository.path, capture_output=True, text=True, check=True
    )
    status, peak = map(int, done.stdout.split())
    assert status == 0
    return peak // (1024 if sys.platform == "darwin" else 1)


LINE = b"The quick brown fox jumps over the lazy dog.\n"


def test_many_small_files_that_unpack_to_much_are_not_held_together(folder: Repository) -> None:
    packed = gzip.compress(LINE * 180_000)
    for number in range(40):
        (folder.path / f"{number}.gz").write_bytes(packed)
    assert peak_kib(folder, ".") < 120 * 1024


def test_large_files_behind_many_small_ones_are_not_held_together(empty: Repository) -> None:
    for number in range(401):  # the size of the last one stands for those after it
        (empty.path / f"a{number:03}.txt").write_bytes(b"%d\n" % number)
    for number in range(20):
        (empty.path / f"b{number:03}.txt").write_bytes(LINE * 170_000 + b"%d\n" % number)
    assert peak_kib(empty, ".") < 120 * 1024
    empty.git("add", "-A")
    empty.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "files")
    assert peak_kib(empty, "--history") < 120 * 1024
