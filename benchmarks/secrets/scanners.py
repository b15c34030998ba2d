"""Runs the scanners: us in process or as a hook would, the peers as their users start them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sotctl.secrets import prepare, scan, scan_path

Alarms = Counter[str]


def ours(folder: Path) -> Alarms:
    """Count our findings by file, names included."""
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
    """The peers found in *folder*, or on the search path."""
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


def start_seconds(name: str, program: str, folder: Path, report: Path, *, runs: int = 5) -> float:
    """The shortest of *runs* times, from start to end of the process, for a scan of *folder*."""
    return min(_seconds(lambda: PEERS[name](program, folder, report)) for _ in range(runs))


def our_start_seconds(folder: Path, cache: Path, *, runs: int = 5) -> float:
    """The same for us: a new Python that imports the detector and scans every file of *folder*.

    The compiled database, where there is one, is kept in *cache*, as `sotctl` keeps it; it is used from 100 KB on.
    """
    cache.write_bytes(prepare())
    return min(
        _seconds(lambda: _run([sys.executable, "-I", "-c", _HOOK, str(_ROOT), str(folder), str(cache)]))
        for _ in range(runs)
    )


def floor_seconds(*, runs: int = 5) -> float:
    """The time a new Python takes to do nothing."""
    return min(_seconds(lambda: _run([sys.executable, "-I", "-c", "pass"])) for _ in range(runs))


_ROOT = Path(__file__).resolve().parents[2]
_HOOK = """
import os, sys
sys.path.insert(0, sys.argv[1])
from sotctl.secrets import prepare, scan
paths = [os.path.join(folder, name) for folder, _, names in os.walk(sys.argv[2]) for name in names]
if sum(map(os.path.getsize, paths)) > 100_000:
    with open(sys.argv[3], "rb") as file:
        prepare(file.read(), build=False)
for path in paths:
    with open(path, "rb") as file:
        scan(file.read())
"""


def _seconds(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def _run(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _read(report: Path) -> Any:
    return json.loads(report.read_text()) if report.exists() and report.stat().st_size else None
