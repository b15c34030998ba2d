"""Measures how the verbs' time grows with the store, from 10 to 10 000 documents; medians of whole commands.

Peers that keep records as files list 10 000 of their own, once, if their program is on PATH: adr-tools (`adr`),
Backlog.md (`backlog`) and log4brains, each in its own layout.
"""

from __future__ import annotations

import os
import shutil
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
    """Make a repository with one issue in each document."""
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
    """The median duration of one move of an issue, hooks included, measured there and back."""
    there = (sys.executable, "-m", "sotctl", "issue", "status", "OPS-0", "ready")
    back = (sys.executable, "-m", "sotctl", "issue", "status", "OPS-0", "--undo")
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        run(folder, *there)
        run(folder, *back)
        durations.append((time.perf_counter() - started) / 2)
    return statistics.median(durations)


def build_adr(folder: Path, documents: int) -> None:
    """Write records in the layout of adr-tools."""
    (folder / "doc" / "adr").mkdir(parents=True)
    (folder / ".adr-dir").write_text("doc/adr\n")
    for number in range(1, documents + 1):
        text = f"# {number}. Thing {number}\n\nDate: 2026-05-31\n\n## Status\n\nAccepted\n\n## Context\n\nWords.\n"
        (folder / "doc" / "adr" / f"{number:04d}-thing-{number}.md").write_text(text)


def build_backlog(folder: Path, documents: int) -> None:
    """Write tasks in the layout of Backlog.md."""
    (folder / "backlog" / "tasks").mkdir(parents=True)
    (folder / "backlog" / "config.yml").write_text(
        'project_name: "bench"\ndefault_status: "To Do"\nstatuses: ["To Do", "In Progress", "Done"]\nlabels: []\n'
        "check_active_branches: false\nremote_operations: false\n"
    )
    for number in range(1, documents + 1):
        text = (
            f"---\nid: task-{number}\ntitle: Thing {number}\nstatus: To Do\nassignee: []\n"
            "created_date: '2026-05-31'\nlabels: []\ndependencies: []\n---\n\n## Description\n\nWords.\n"
        )
        (folder / "backlog" / "tasks" / f"task-{number} - Thing-{number}.md").write_text(text)


def build_log4brains(folder: Path, documents: int) -> None:
    """Write records in the layout of log4brains, which reads dates and authors from git."""
    (folder / "docs" / "adr").mkdir(parents=True)
    (folder / ".log4brains.yml").write_text("project:\n  name: bench\n  tz: UTC\n  adrFolder: ./docs/adr\n")
    for number in range(1, documents + 1):
        text = f"# Thing {number}\n\n- Status: accepted\n- Date: 2026-05-31\n\n## Context\n\nWords.\n"
        (folder / "docs" / "adr" / f"20260531-thing-{number}.md").write_text(text)


PEERS = (
    ("adr", build_adr, ("list",)),
    ("backlog", build_backlog, ("task", "list", "--plain")),
    ("log4brains", build_log4brains, ("adr", "list", "--raw")),
)
MAX_S = 120


def peers(documents: int) -> None:
    """Print one line for each installed peer."""
    for program, make, arguments in PEERS:
        if shutil.which(program) is None:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            make(folder, documents)
            for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "Add")):
                run(folder, "git", "-c", "user.name=Bench", "-c", "user.email=bench@example.com", *command)
            started = time.perf_counter()
            try:
                listed = subprocess.run(
                    [program, *arguments], cwd=folder, capture_output=True, text=True, timeout=MAX_S, check=False
                ).stdout
                told = f"{time.perf_counter() - started:>9.3f}s  {len(listed.splitlines())} lines"
            except subprocess.TimeoutExpired:
                told = f"  > {MAX_S} s"
        print(f"{program:<16} {'':>14} {told}")


def main() -> None:
    """Print one row for each verb."""
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        build(Path(small), 10)
        build(Path(large), 10_000)
        print(f"{'verb':<16} {'10 documents':>14} {'10 000':>10} {'ratio':>7}")
        rows = (
            ("issue list", ("issue", "list"), 5),
            ("check --all", ("check", "--all"), 3),
            ("site", ("site", "--out", "public"), 1),
        )
        for name, arguments, times in rows:
            command = (sys.executable, "-m", "sotctl", *arguments)
            few, many = median_s(Path(small), *command, times=times), median_s(Path(large), *command, times=times)
            print(f"{name:<16} {few:>13.3f}s {many:>9.3f}s {many / few:>7.1f}")
        few, many = move(Path(small), 5), move(Path(large), 5)
        print(f"{'issue status':<16} {few:>13.3f}s {many:>9.3f}s {many / few:>7.1f}")
        peers(10_000)


if __name__ == "__main__":
    main()
