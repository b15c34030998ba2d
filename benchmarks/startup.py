"""Measures how long verbs take to start and to decide, compared with the start of Python; medians of whole commands."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).parent.parent
TIMES = 11
# Prints the processor time of the program itself, without that of git and the hooks.
OWN_TIME = (
    "import atexit, resource, sys; own = resource.getrusage;"
    "atexit.register(lambda: sys.stderr.write(f'{sum(own(resource.RUSAGE_SELF)[:2])}\\n'));"
    "from sotctl.cli import main; main()"
)


def median_ms(command: list[str], folder: Path) -> float:
    """The median duration of a command, in milliseconds."""
    durations = []
    for _ in range(TIMES):
        started = time.perf_counter()
        subprocess.run(command, cwd=folder, check=False, capture_output=True)
        durations.append((time.perf_counter() - started) * 1000)
    return statistics.median(durations)


def decide_ms(folder: Path) -> tuple[float, float]:
    """The median duration of a decision from an answers file, and its processor time without git, in milliseconds."""
    whole, own = [], []
    for _ in range(TIMES):
        shutil.rmtree(folder / "work", ignore_errors=True)
        work = folder / "work"
        shutil.copytree(TOP / ".sot-example" / "02-ISSUES", work / ".sot" / "02-ISSUES")
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Add the issues"]):
            subprocess.run(["git", *arguments], cwd=work, check=True)
        subprocess.run([sys.executable, "-m", "sotctl", "init"], cwd=work, check=True, capture_output=True)
        command = [
            sys.executable,
            "-c",
            OWN_TIME,
            "decide",
            "CTO-WORK-020",
            "--answers",
            str(TOP / "docs/answers.yaml"),
            "--yes",
        ]
        started = time.perf_counter()
        done = subprocess.run(command, cwd=work, check=True, capture_output=True, text=True)
        whole.append((time.perf_counter() - started) * 1000)
        own.append(float(done.stderr.split()[-1]) * 1000)
    return statistics.median(whole), statistics.median(own)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "gitconfig").write_text("[user]\nname = Bench\nemail = bench@example.com\n")
        os.environ["GIT_CONFIG_GLOBAL"] = str(folder / "gitconfig")
        floor = median_ms([sys.executable, "-I", "-S", "-c", "pass"], folder)
        print(f"{'python -I -S -c pass':<34} {floor:>8.1f} ms")
        for arguments in (["--help"], ["decide", "--help"], ["explain"]):
            took = median_ms([sys.executable, "-m", "sotctl", *arguments], folder)
            print(f"{'sotctl ' + ' '.join(arguments):<34} {took:>8.1f} ms  {took / floor:>5.1f} times")
        whole, own = decide_ms(folder)
        print(f"{'sotctl decide --answers':<34} {whole:>8.1f} ms  with git and the hooks")
        print(f"{'':<34} {own:>8.1f} ms  of processor time without them")


if __name__ == "__main__":
    main()
