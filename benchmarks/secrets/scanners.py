"""Runs the scanners. To count findings, sotctl runs in this process; to measure time, all run as users start them."""

from __future__ import annotations

import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sotctl.secrets import scan, scan_path

Alarms = Counter[str]


def ours(folder: Path) -> Alarms:
    """Count the findings of sotctl by file, including those in file names."""
    alarms: Alarms = Counter()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        alarms[name] += len(scan(path.read_bytes(), path=name)) + len(scan_path(name))
    return alarms


def _betterleaks(program: str, folder: Path, report: Path) -> Any:
    _run([program, "fs", str(folder), "--no-banner", "-o", str(report.with_suffix(".json"))])
    return [item["location"]["path"] for item in (_read(report.with_suffix(".json")) or {}).get("findings", [])]


def _kingfisher(program: str, folder: Path, report: Path) -> Any:
    _run(
        [
            program,
            "scan",
            str(folder),
            "--format",
            "json",
            "--no-validate",
            "--no-update-check",
            "--no-dedup",
            "--git-history",
            "none",
            "-o",
            str(report),
        ]
    )
    return [item["finding"]["path"] for item in (_read(report) or {}).get("findings", [])]


def _detect_secrets(program: str, folder: Path, report: Path) -> Any:
    report.write_text(_run([program, "-C", str(folder), "scan", "--all-files", "."]))
    return [path for path, items in (_read(report) or {}).get("results", {}).items() for _ in items]


def _credsweeper(program: str, folder: Path, report: Path) -> Any:
    _run([program, "--path", str(folder), "--save-json", str(report), "--no-stdout", "--pedantic"])
    return [line["path"] for item in _read(report) or [] for line in item["line_data_list"][:1]]


PEERS: dict[str, Callable[[str, Path, Path], Any]] = {
    "betterleaks": _betterleaks,
    "kingfisher": _kingfisher,
    "detect-secrets": _detect_secrets,
    "credsweeper": _credsweeper,
}


def installed(folder: Path | None) -> dict[str, str]:
    """The paths of the peers in *folder*, or on PATH."""
    found = {name: shutil.which(name, path=str(folder) if folder else None) for name in PEERS}
    return {name: program for name, program in found.items() if program}


def peer(name: str, program: str, folder: Path, report: Path) -> Alarms:
    """Count a peer's findings by file."""
    for old in (report, report.with_suffix(".json")):
        old.unlink(missing_ok=True)
    alarms: Alarms = Counter()
    for found in PEERS[name](program, folder, report):
        path = Path(str(found).split("|")[0])
        alarms[(path.relative_to(folder) if path.is_absolute() else path).as_posix()] += 1
    return alarms


def scan_seconds(peers: dict[str, str], folder: Path, report: Path, *, runs: int = 5) -> list[float]:
    """The median times to scan *folder* with whole commands run in turn; sotctl first, then the peers."""
    ours = [sys.executable, "-m", "sotctl", "scan", str(folder)]
    jobs = [lambda: _run(ours, _ROOT)]
    jobs += [functools.partial(PEERS[name], program, folder, report) for name, program in peers.items()]
    return _medians(jobs, runs)


def hook_seconds(peers: dict[str, str], repository: Path, *, runs: int = 5) -> list[float]:
    """The median times to scan what is staged in *repository*: our hook, then betterleaks if it is among the peers."""
    ours = [sys.executable, "-m", "sotctl.hooks", "pre-commit"]
    jobs = [lambda: _run(ours, repository)]
    if program := peers.get("betterleaks"):
        jobs.append(lambda: _run([program, "git", "--staged", "--no-banner", "."], repository))
    return _medians(jobs, runs)


def _medians(jobs: list[Callable[[], object]], runs: int) -> list[float]:
    rounds = [[_seconds(job) for job in jobs] for _ in range(runs + 1)]  # the first round fills the caches
    return [statistics.median(times) for times in zip(*rounds[1:], strict=True)]


def floor_seconds(*, runs: int = 5) -> float:
    """The median time to start Python and do nothing."""
    return _medians([lambda: _run([sys.executable, "-I", "-c", "pass"])], runs)[0]


_ROOT = Path(__file__).resolve().parents[2]


def _seconds(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def _run(command: list[str], folder: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout


def _read(report: Path) -> Any:
    return json.loads(report.read_text()) if report.exists() and report.stat().st_size else None
