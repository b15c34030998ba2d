"""Measures a whole call of the gate against the bare start of Python: `python benchmarks/gate_speed.py`.

The target: under 6 times `python -I -S -c pass`. Both run alternately, so that other work on the machine slows both;
the medians and the fastest runs are compared.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sotctl
from sotctl.gate.trials import MODEL, PROVIDER, admission, encode

ROUNDS = 60
NAME = ".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.openai-codex-gpt-5.5.json"


def once(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    compileall.compile_dir(Path(sotctl.__file__).parent, quiet=1)
    program = Path(sys.executable).with_name("sotctl")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / NAME
        file.parent.mkdir(parents=True)
        file.write_bytes(encode(admission(datetime.now(UTC))))
        for words in (
            ("init", "-q"),
            ("add", "."),
            ("-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "b"),
        ):
            subprocess.run(["git", *words], cwd=folder, check=True)
        variables = {
            "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(file),
            "CTO_HARNESS_CASE_MODEL_PROVIDER": PROVIDER,
            "CTO_HARNESS_CASE_MODEL": MODEL,
        }
        environment = {**os.environ, **variables}
        python, gate = [sys.executable, "-I", "-S", "-c", "pass"], [str(program), "gate", "--json"]
        rows = [(once(python, environment), once(gate, environment)) for _ in range(ROUNDS)]
    for name, pick in (("median", ROUNDS // 2), ("fastest", 0)):
        base, whole = (sorted(row[column] for row in rows)[pick] for column in (0, 1))
        print(f"{name:<8} python {base:5.1f} ms   gate {whole:5.1f} ms   {whole / base:4.2f} times")


if __name__ == "__main__":
    main()
