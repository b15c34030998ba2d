"""Scans the samples that betterleaks publishes with its rules: how many true and how many false ones are reported.

python -m benchmarks.secrets.published CONFIG [--peers DIR] [--seed N] [--show]

CONFIG is the folder `cmd/generate/config` of its source distribution. A false sample is false for one rule only, and
another rule of betterleaks may report it. False samples that betterleaks itself reports are therefore counted apart.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.secrets import scanners
from benchmarks.secrets.go_samples import Sample, read_samples
from sotctl.secrets import scan


def main() -> None:
    """Print a row for each kind of sample, and with `--show` the samples that sotctl misses or reports wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--peers", type=Path, help="folder with the peers' programs; by default PATH is searched")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    read, left_out = read_samples(arguments.config, arguments.seed)
    samples = [sample for sample in read if not sample.part]
    print(f"{len(samples)} samples; {left_out} rules left out")
    found = {"sotctl": {number for number, sample in enumerate(samples) if _ours(sample)}}
    for name, program in scanners.installed(arguments.peers).items():
        if name in ("betterleaks", "kingfisher"):
            found[name] = _theirs(name, program, samples)
    own = found.get("betterleaks", set())
    kinds = {
        "true, in the common forms": [at for at, one in enumerate(samples) if one.true and one.templated],
        "true, written for a rule": [at for at, one in enumerate(samples) if one.true and not one.templated],
        "false, reported by itself": [at for at, one in enumerate(samples) if not one.true and at in own],
        "false, the others": [at for at, one in enumerate(samples) if not one.true and at not in own],
    }
    print("| samples | " + " | ".join(found) + " |\n| --- |" + " --- |" * len(found))
    for kind, numbers in kinds.items():
        cells = [str(len(hits.intersection(numbers))) for hits in found.values()]
        print(f"| {kind}: reported of {len(numbers)} | " + " | ".join(cells) + " |")
    if arguments.show:
        for number in kinds["true, written for a rule"] + kinds["false, the others"]:
            if samples[number].true is not (number in found["sotctl"]):
                print("missed" if samples[number].true else "alarm", samples[number].rule, repr(samples[number].text))


def _ours(sample: Sample) -> bool:
    return bool(scan(sample.text.encode("utf-8", "surrogatepass"), path=sample.path))


def _theirs(name: str, program: str, samples: list[Sample]) -> set[int]:
    """The numbers of the samples that a peer reports when each is in its own file."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "samples"
        folder.mkdir()
        for number, sample in enumerate(samples):
            (folder / f"{number}.txt").write_bytes(sample.text.encode("utf-8", "surrogatepass") + b"\n")
        alarms = scanners.peer(name, program, folder, Path(work) / "report.json")
    return {int(path.removesuffix(".txt")) for path in alarms}


if __name__ == "__main__":
    main()
