"""The corpora: every sample is a separate file, so a hit is a file with a finding."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.secrets.carriers import CARRIERS, DISGUISED, DISGUISES
from benchmarks.secrets.planted import planted_files, planted_twins
from benchmarks.secrets.shapes import SHAPES
from benchmarks.secrets.structured import STRUCTURED, governance
from benchmarks.secrets.vendor_examples import example_twins, examples

Samples = Mapping[str, bytes]


def shapes_in_carriers(seed: int) -> Samples:
    """Every shape in every carrier."""
    source = random.Random(seed)
    return {
        f"{shape}.{carrier}.txt": CARRIERS[carrier](make(source)).encode()
        for shape, make in SHAPES.items()
        for carrier in CARRIERS
    }


def structured(seed: int) -> Samples:
    """Five files of every kind."""
    source = random.Random(seed + 1)
    return {f"{index}/{kind}": make(source).encode() for kind, make in STRUCTURED.items() for index in range(5)}


def disguised(seed: int) -> Samples:
    """Seven shapes in every disguise."""
    source = random.Random(seed + 2)
    return {
        f"{shape}.{disguise}": DISGUISES[disguise](SHAPES[shape](source))
        for shape in DISGUISED
        for disguise in DISGUISES
    }


def in_file_names(seed: int) -> Samples:
    """Tokens in the names of files without a secret in their content."""
    source = random.Random(seed + 3)
    return {f"notes-{SHAPES[shape](source)}.txt": b"nothing\n" for shape in DISGUISED}


def governed(seed: int) -> Samples:
    """Governance text; every finding in it is a false alarm."""
    source = random.Random(seed + 4)
    return {f"record-{index}.md": governance(source).encode() for index in range(60)}


def clean(folder: Path, most_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield source files below *folder*, up to *most_bytes*; tests are left out, because they hold keys on purpose."""
    size = 0
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        if "test" in name or path.is_symlink() or size >= most_bytes:
            continue
        data = path.read_bytes()
        size += len(data)
        yield name, data


POSITIVE = {
    "shapes in carriers": shapes_in_carriers,
    "structured files": structured,
    "disguises": disguised,
    "file names": in_file_names,
    "planted files": planted_files,
    "vendor examples": examples,
}
NEGATIVE = {
    "governance text": governed,
    "planted files, stand-ins": lambda seed: planted_twins(),
    "vendor examples, stand-ins": example_twins,
}


def write(samples: Samples, folder: Path) -> None:
    """Write *samples* below *folder*."""
    for name, data in samples.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
