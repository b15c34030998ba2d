"""Prints the recall, false alarms and times of the detector and its peers.

python -m benchmarks.secrets [--seed N] [--peers DIR] [--clean DIR]
"""

from __future__ import annotations

import argparse
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from benchmarks.secrets import corpora, scanners
from benchmarks.secrets.scanners import Alarms


def main() -> None:
    """Build the corpora, run the scanners, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="seed of the corpora; report one not used for tuning")
    parser.add_argument("--peers", type=Path, help="folder with the peers' programs; by default PATH is searched")
    parser.add_argument("--clean", type=Path, default=Path(sysconfig.get_path("stdlib")), help="folder of clean code")
    parser.add_argument("--show", action="store_true", help="list the misses and false alarms of sotctl")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        _report(arguments, Path(work), scanners.installed(arguments.peers))


def _report(arguments: argparse.Namespace, work: Path, peers: dict[str, str]) -> None:
    print("| corpus | sotctl | " + " | ".join(peers) + " |\n" + "| --- " * (len(peers) + 2) + "|")
    for name, make in corpora.POSITIVE.items():
        folder = work / "positive" / name.replace(" ", "-")
        samples = make(arguments.seed)
        corpora.write(samples, folder)
        rows = _everybody(folder, work, peers)
        _row(
            f"{name}: found of {len(samples)}",
            [f"{sum(bool(row[sample]) for sample in samples) / len(samples):.0%}" for row in rows],
        )
        if arguments.show:
            _show("missed", sorted(sample for sample in samples if not rows[0][sample]))
    negative = {name: make(arguments.seed) for name, make in corpora.NEGATIVE.items()}
    negative["clean code"] = dict(corpora.clean(arguments.clean, 4 << 20))
    for name, samples in negative.items():
        folder = work / "negative" / name.replace(" ", "-")
        corpora.write(samples, folder)
        rows = _everybody(folder, work, peers)
        lines = sum(data.count(b"\n") for data in samples.values())
        _row(f"{name}: alarms in {lines} lines", [str(row.total()) for row in rows])
        if arguments.show:
            _show("alarm", sorted(+rows[0]))
    _times(work, peers)


def _everybody(folder: Path, work: Path, peers: dict[str, str]) -> list[Alarms]:
    return [
        scanners.ours(folder),
        *(scanners.peer(name, program, folder, work / "report") for name, program in peers.items()),
    ]


def _times(work: Path, peers: dict[str, str]) -> None:
    code = sorted((work / "negative" / "clean-code").rglob("*.py"))
    groups = {
        "3 KB file": {"record.md": b"".join(corpora.governed(9).values())[:3000]},
        "200 files": {f"{index}.py": path.read_bytes()[:10000] for index, path in enumerate(code[:200])},
        "clean code": {path.relative_to(work).as_posix(): path.read_bytes() for path in code},
    }
    for name, files in groups.items():
        folder = work / "timed" / name.replace(" ", "-")
        corpora.write(files, folder)
        size = f"{name}, {sum(map(len, files.values())) >> 10} KiB"
        _row(f"{size}, scanned: time", [_ms(cell) for cell in scanners.scan_seconds(peers, folder, work / "report")])
        for command in (("init", "-q"), ("add", "-A")):
            subprocess.run(["git", *command], cwd=folder, check=True)
        staged = dict(zip(("sotctl", "betterleaks"), scanners.hook_seconds(peers, folder), strict=False))
        cells = [_ms(staged[program]) if program in staged else "–" for program in ("sotctl", *peers)]
        _row(f"{size}, staged, by the hook: time", cells)
    _row("Python's own start", [_ms(scanners.floor_seconds())])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _row(name: str, cells: list[str]) -> None:
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def _show(what: str, names: list[str]) -> None:
    for name in names:
        print(f"  {what}: {name}")


if __name__ == "__main__":
    main()
