"""Measures what the harness adds to a run, and how long verification takes; `recorder_speed.py` times requests.

`python benchmarks/stage2_speed.py`. The targets: a run of a backend that does nothing takes under 1.0 s, and verifying
100 MB takes under 2 s.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.pop(0)  # this folder has a module with the name of a standard one
sys.path.append(str(Path(__file__).parents[1] / "tests"))

from evidence.forgery import seal
from sotctl.stage2.verification import verify_directory
from stage2.provider import Provider
from stage2.stage_repository import Stage


def overhead_s(stage: Stage) -> float:
    """The duration of a whole run of a backend that does nothing."""
    words = stage.command({})
    Path(words[words.index("--") + 2]).write_text("")
    begun = time.perf_counter()
    subprocess.run(words, env={**os.environ, **stage.environment}, capture_output=True, check=False)
    return time.perf_counter() - begun


def verify_s(folder: Path, size_bytes: int) -> float:
    """The duration of verifying a run directory with a log of *size_bytes*."""
    line = b"2026-11-23T10:15:00Z info implementer wrote src/slugify.py and ran the tests again, all of them passed\n"
    (folder / "tmp/large.log").write_bytes(line * (size_bytes // len(line)))
    scanned = json.loads((folder / "report.json").read_bytes())["secret_scan"]
    scanned["files"] += 1
    seal(folder, lambda values: values.update(secret_scan=scanned))
    begun = time.perf_counter()
    verified = verify_directory(folder)
    taken = time.perf_counter() - begun
    assert verified.is_pass, verified.findings
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "gitconfig").write_text("[user]\nname = b\nemail = b@b\n")
        os.environ["GIT_CONFIG_GLOBAL"] = str(Path(place) / "gitconfig")
        provider = Provider()
        stage = Stage.make(Path(place) / "stage", provider.url)
        ran = stage.run()
        print(f"overhead of a run     {min(overhead_s(stage) for _ in range(3)):6.2f} s")
        print(f"verify, 100 MB        {verify_s(ran.folder, 100_000_000):6.2f} s")
        provider.close()


if __name__ == "__main__":
    main()
