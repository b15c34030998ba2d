"""What is large is streamed: a verdict is given, and memory stays bounded."""

from __future__ import annotations

import re
import sys

import pexpect
import pytest

from gated import SECRET, Gated

LIMIT_KIB = 300 * 1024
LINE = b"The quick brown fox jumps over the lazy dog, and nobody knows why.\n"


def peak_of(gated: Gated, *command: str, stdin: str = "") -> tuple[int, int]:
    """The exit status of a command and the largest memory, in KiB, that it or a process it started took."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    done = gated.run(sys.executable, "-c", code, *command, stdin=stdin)
    status, peak = done.stdout.split()
    return int(status), int(peak) // (1024 if sys.platform == "darwin" else 1)


@pytest.mark.slow
@pytest.mark.parametrize(("tail", "status"), [("", 0), (SECRET, 1)], ids=["clean", "a secret in the last line"])
def test_a_file_of_100_megabytes(gated: Gated, tail: str, status: int) -> None:
    with (gated.path / "big.txt").open("wb") as file:
        for _ in range(100):
            file.write(LINE * ((1 << 20) // len(LINE)))
        file.write(tail.encode())
    gated.git("add", "big.txt")
    found, peak = peak_of(gated, str(gated.hook("pre-commit")))
    assert (found, peak < LIMIT_KIB) == (status, True), peak
    commit = gated.git("commit-tree", gated.git("write-tree"), "-p", "HEAD", "-m", "x")
    line = f"{'0' * 40} {commit} refs/heads/x\n"
    found, peak = peak_of(gated, str(gated.hook("reference-transaction")), "prepared", stdin=line)
    assert (found, peak < LIMIT_KIB) == (status, True), peak


@pytest.mark.slow
@pytest.mark.long
def test_ten_thousand_staged_files_one_of_which_holds_a_secret(gated: Gated) -> None:
    for number in range(10_000):
        gated.write(f"d{number % 100}/f{number}.txt", f"file {number}\n")
    gated.write("d99/leak.txt", SECRET)
    gated.git("add", "-A")
    found, peak = peak_of(gated, str(gated.hook("pre-commit")))
    assert (found, peak < LIMIT_KIB) == (1, True), peak
    gated.git("rm", "-q", "--cached", "d99/leak.txt")
    found, peak = peak_of(gated, str(gated.hook("pre-commit")))
    assert (found, peak < LIMIT_KIB) == (0, True), peak


@pytest.mark.slow
@pytest.mark.parametrize("place", [99, 100])
def test_a_secret_in_either_half_of_many_files_is_found(gated: Gated, place: int) -> None:
    """Two processes look at half of them each, once the compiled rules are there."""
    for number in range(200):
        gated.write(f"f{number:03d}.txt", LINE * 180 + b"%d\n" % number + (SECRET.encode() if number == place else b""))
    gated.git("add", "-A")
    for _ in range(2):  # the first one builds the rules
        assert f"f{place:03d}.txt:182" in gated.refused("commit", "-m", "x")
    gated.git("rm", "-q", "--cached", f"f{place:03d}.txt")
    gated.git("commit", "-qm", "x")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["notes", ".sot/04-MORE/notes"])
@pytest.mark.long
def test_a_person_who_waits_sees_how_far_it_is(gated: Gated, name: str) -> None:
    gated.git("config", "gc.auto", "0")  # what git says of many loose objects is not of interest here
    files, said = 6, ""
    while "looked at" not in said and files < 1000:  # the count begins after a second, however fast the machine is
        files *= 2
        for number in range(files):
            lines = (b"key=3D%x=\n" % (number + line) for line in range(10_000))  # quoted-printable keys take longest
            gated.write(f"{name}-{files}-{number}.txt", b"".join(lines))
        gated.git("add", "-A")
        said = pexpect.run("git commit -qm Notes", cwd=str(gated.path), timeout=120, encoding="utf-8")
    assert re.search(r"sotctl: \d+ files looked at", said)
    assert said.endswith("\r\033[K")
    assert "looked at" not in gated.try_git("commit", "-q", "--amend", "--no-edit").stderr


def test_a_file_of_keywords_alone_is_refused_and_not_called_a_secret(gated: Gated) -> None:
    gated.write("words.txt", b"".join(b"key=%x\n" % (number * 7919 % 4096) for number in range(200_000)))
    gated.git("add", "-A")
    said = gated.refused("commit", "-m", "x")
    assert "[secrets-unsearched]" in said
    assert "revoke" not in said
