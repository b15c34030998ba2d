"""Times scans of a large tree and a long history, with sotctl and its peers as users run them; medians in seconds.

python -m benchmarks.secrets.bulk [--peers DIR] [--runs N]
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.secrets import scanners

TREE_BYTES = 200_000_000
COMMITS = 2857
_TEXT = frozenset((".py", ".pyi", ".md", ".txt", ".rst", ".json", ".js", ".h", ".c", ".toml", ".yaml", ".html", ".css"))
_LARGEST_BYTES = 3_000_000


def main() -> None:
    """Print the times of each program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, help="folder with the peers' programs; by default PATH is searched")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    peers = scanners.installed(arguments.peers)
    sources = list(_sources())
    with tempfile.TemporaryDirectory() as work:
        tree, repository = Path(work) / "tree", Path(work) / "repository"
        files = _write_tree(sources, tree)
        blobs = _write_history(sources, repository)
        report = str(Path(work) / "report.json")
        print(f"a tree of {files} files, {TREE_BYTES // 1_000_000} MB; a history of {COMMITS} commits, {blobs} blobs")
        us = [sys.executable, "-m", "sotctl", "scan"]
        trees = {"sotctl": [*us, str(tree)]}
        histories = {"sotctl": [*us, "--history", str(repository)]}
        if program := peers.get("kingfisher"):
            rest = ["--format", "json", "--no-validate", "--no-update-check", "-o", report]
            trees["kingfisher"] = [program, "scan", str(tree), "--git-history", "none", *rest]
            histories["kingfisher"] = [program, "scan", str(repository), *rest]
        if program := peers.get("betterleaks"):
            trees["betterleaks"] = [program, str(tree), "--no-banner", "-o", report]
            histories["betterleaks"] = [program, "git", str(repository), "--no-banner", "-o", report]
        _row("tree", trees, arguments.runs)
        _row("history", histories, arguments.runs)


def _row(name: str, commands: dict[str, list[str]], runs: int) -> None:
    """Time the programs in turn, so that other work on the machine slows all of them; the first round fills the caches.

    Processor time is printed next to elapsed time, because other work changes it less.
    """
    passed: dict[str, list[float]] = {program: [] for program in commands}
    worked: dict[str, list[float]] = {program: [] for program in commands}
    for round_ in range(runs + 1):
        for program, command in commands.items():
            started, before = time.perf_counter(), _processor_s()
            subprocess.run(command, capture_output=True, check=False)
            if round_:
                passed[program].append(time.perf_counter() - started)
                worked[program].append(_processor_s() - before)
    ours = statistics.median(passed["sotctl"]), statistics.median(worked["sotctl"])
    for program in commands:
        wall, processor = statistics.median(passed[program]), statistics.median(worked[program])
        print(
            f"{name:<8} {program:<12} {wall:6.2f} s, {processor:6.2f} s of processor time;"
            f" sotctl takes {ours[0] / wall:.2f} and {ours[1] / processor:.2f} of it"
        )


def _processor_s() -> float:
    """Processor time of all programs started so far, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _sources() -> Iterator[tuple[str, bytes]]:
    """The text files of this Python installation and its packages."""
    for root in dict.fromkeys((sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"))):
        for where, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = Path(where) / name
                if path.suffix in _TEXT and not path.is_symlink() and path.stat().st_size < _LARGEST_BYTES:
                    yield path.relative_to(root).as_posix(), path.read_bytes()


def _write_tree(sources: list[tuple[str, bytes]], folder: Path) -> int:
    """Write the sources repeatedly, each time slightly changed, until there are enough bytes."""
    size = files = turn = 0
    while size < TREE_BYTES:
        turn += 1
        for name, data in sources:
            path = folder / str(turn) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            size += path.write_bytes(b"%d %d\n" % (turn, files) + data)
            files += 1
            if size >= TREE_BYTES:
                break
    return files


def _write_history(sources: list[tuple[str, bytes]], folder: Path) -> int:
    """Make a repository in which every commit changes two files."""
    choose = random.Random(3)
    held = dict(choose.sample([entry for entry in sources if 1000 < len(entry[1]) < 40_000], 400))
    parts = [b"reset refs/heads/main\n\n"]
    blobs = 0
    for number in range(COMMITS):
        parts.append(
            b"commit refs/heads/main\ncommitter Bench <bench@example.com> %d +0000\ndata 12\nChange %04d\n\n"
            % (1_700_000_000 + number, number)
        )
        for name in sorted(held) if number == 0 else choose.sample(sorted(held), 2):
            held[name] += b"# changed in %d\n" % number
            parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(held[name]), held[name]))
            blobs += 1
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(parts), check=True)
    return blobs


if __name__ == "__main__":
    main()
