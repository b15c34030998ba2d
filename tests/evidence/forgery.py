"""Edits of a run directory, careless ones and those of somebody who knows how it is sealed."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sotctl.evidence.files import artifacts
from sotctl.evidence.markdown import to_markdown
from sotctl.evidence.report import Report, core_sha256
from sotctl.evidence.values import ShapeError, from_json
from sotctl.stage2.rundir import DiskRun


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def one_byte(folder: Path, dice: random.Random) -> str:
    path = dice.choice([path for path in files_of(folder) if path.stat().st_size])
    data = bytearray(path.read_bytes())
    at = dice.randrange(len(data))
    data[at] ^= 1 << dice.randrange(8)
    path.chmod(0o600)
    path.write_bytes(data)
    return f"a bit of byte {at} of {path.relative_to(folder)}"


def one_line(folder: Path, dice: random.Random) -> str:
    path = dice.choice([*folder.glob("*.jsonl"), *folder.glob("backend/*"), folder / "report.json"])
    lines = path.read_bytes().splitlines(keepends=True)
    if not lines:
        return one_byte(folder, dice)
    at = dice.randrange(len(lines))
    path.write_bytes(b"".join(lines[:at] + lines[at + 1 :]))
    return f"line {at + 1} of {path.relative_to(folder)} cut"


def one_file_gone(folder: Path, dice: random.Random) -> str:
    path = dice.choice(files_of(folder))
    path.unlink()
    return f"{path.relative_to(folder)} gone"


def one_file_more(folder: Path, dice: random.Random) -> str:
    path = dice.choice([where.parent for where in files_of(folder)]) / f"more-{dice.randrange(1000)}"
    path.write_text("x")
    return f"{path.relative_to(folder)} added"


def two_swapped(folder: Path, dice: random.Random) -> str:
    first, second = dice.sample(files_of(folder), 2)
    one, other = first.read_bytes(), second.read_bytes()
    if one == other:
        return one_byte(folder, dice)
    for path, data in ((first, other), (second, one)):
        path.chmod(0o600)
        path.write_bytes(data)
    return f"{first.relative_to(folder)} and {second.relative_to(folder)} swapped"


def one_digest(folder: Path, dice: random.Random) -> str:
    report = json.loads((folder / "report.json").read_bytes())
    entry = dice.choice(report["artifacts"])
    entry["sha256"] = f"{dice.getrandbits(256):064x}"
    (folder / "report.json").write_bytes(encode(report))
    return f"the digest of {entry['path']}"


def one_tail_cut(folder: Path, dice: random.Random) -> str:
    path = dice.choice([path for path in files_of(folder) if path.stat().st_size > 1])
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data[: dice.randrange(1, len(data))])
    return f"{path.relative_to(folder)} truncated"


EDITS: tuple[Callable[[Path, random.Random], str], ...] = (
    one_byte,
    one_byte,
    one_byte,
    one_line,
    one_file_gone,
    one_file_more,
    two_swapped,
    one_digest,
    one_tail_cut,
)


def encode(values: dict[str, Any]) -> bytes:
    """The bytes of a report, whatever it holds."""
    return (json.dumps(values, indent=2) + "\n").encode()


def seal(folder: Path, change: Callable[[dict[str, Any]], None] | None = None) -> None:
    """Change the report, and make every digest of the directory fit again."""
    values = json.loads((folder / "report.json").read_bytes())
    if change:
        change(values)
    with contextlib.suppress(ShapeError):
        report = from_json(Report, values)
        (folder / "report.md").write_text(to_markdown(report))
        *lines, last = (folder / "trace.jsonl").read_bytes().splitlines(keepends=True)
        finished = json.loads(last)
        finished |= {"result": report.result, "reason": report.reason, "report_core_sha256": core_sha256(report)}
        (folder / "trace.jsonl").write_bytes(b"".join(lines) + json.dumps(finished).encode() + b"\n")
    values["artifacts"] = artifacts(DiskRun(folder))
    (folder / "report.json").write_bytes(encode(values))


def copy_of(folder: Path, place: Path) -> Path:
    """A copy under the same name."""
    return Path(shutil.copytree(folder, place / folder.name, symlinks=True))
