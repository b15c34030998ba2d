"""How the verbs grow with the store: 10 documents against 10 000, medians of whole commands."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADER = """---
title: Issues {number}
status: draft
lifecycle_classification: sot
owner: jp
created: 2026-05-31
last_reviewed: 2026-05-31
core_promotion_status: not-promoted
route: cto
---

# Issues {number}

## OPS-{number} - Do the thing number {number}

Status: {status}.

What is to be done, in a sentence or two, as such documents have it.

Acceptance:

- The thing is done.
- Somebody has looked at `it`.
"""
STATUSES = ("draft", "ready", "in_progress", "blocked")


def build(folder: Path, documents: int) -> None:
    """A repository with one issue in each document."""
    (folder / ".sot" / "02-ISSUES").mkdir(parents=True)
    for number in range(documents):
        text = HEADER.format(number=number, status=STATUSES[number % 4])
        if number % 4 == 3:
            text += f"\nBlocked by:\n\n- OPS-{number - 1}\n"
        (folder / ".sot" / "02-ISSUES" / f"ops-{number:05d}.md").write_text(text)
    run(folder, "git", "init", "-q")
    run(folder, "git", "config", "user.name", "Bench")
    run(folder, "git", "config", "user.email", "bench@example.com")
    run(folder, "git", "add", "-A")
    run(folder, "git", "commit", "-qm", "Add the issues")
    run(folder, sys.executable, "-m", "sotctl", "init")


def run(folder: Path, *command: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def median_s(folder: Path, *command: str, times: int) -> float:
    """The median duration of a command, in seconds."""
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        run(folder, *command)
        durations.append(time.perf_counter() - started)
    return statistics.median(durations)


def move(folder: Path, times: int) -> float:
    """The median of moving an issue there and back, hooks included, for one move."""
    there = (sys.executable, "-m", "sotctl", "issue", "status", "OPS-0", "ready")
    back = (sys.executable, "-m", "sotctl", "issue", "status", "OPS-0", "--undo")
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        run(folder, *there)
        run(folder, *back)
        durations.append((time.perf_counter() - started) / 2)
    return statistics.median(durations)


def main() -> None:
    """Print one row for each verb."""
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        build(Path(small), 10)
        build(Path(large), 10_000)
        print(f"{'verb':<16} {'10 documents':>14} {'10 000':>10} {'ratio':>7}")
        for name, arguments, times in (("issue list", ("issue", "list"), 5), ("check --all", ("check", "--all"), 3)):
            command = (sys.executable, "-m", "sotctl", *arguments)
            few, many = median_s(Path(small), *command, times=times), median_s(Path(large), *command, times=times)
            print(f"{name:<16} {few:>13.3f}s {many:>9.3f}s {many / few:>7.1f}")
        few, many = move(Path(small), 5), move(Path(large), 5)
        print(f"{'issue status':<16} {few:>13.3f}s {many:>9.3f}s {many / few:>7.1f}")


if __name__ == "__main__":
    main()
