"""A named pipe among git's own files: git waits for its writer, the gate does not."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.gate_repository import NAME, GateRepository
from sotctl.gate.patience import LIMIT_S
from sotctl.gate.trials import MODEL, PROVIDER

Place = Callable[[GateRepository], Path]


def loose(repository: GateRepository) -> Path:
    oid = repository.git("rev-parse", f"HEAD:{NAME}").strip()
    return repository.path / ".git/objects" / oid[:2] / oid[2:]


PLACES: dict[str, Place] = {
    "a branch": lambda repository: repository.path / ".git/refs/heads/pipe",
    "HEAD": lambda repository: repository.path / ".git/HEAD",
    "packed-refs": lambda repository: repository.path / ".git/packed-refs",
    "the configuration": lambda repository: repository.path / ".git/config",
    "an object": loose,
}


def asked(repository: GateRepository) -> subprocess.Popen[str]:
    """The gate, called on a repository and not waited for."""
    variables = {
        "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(repository.file),
        "CTO_HARNESS_CASE_MODEL_PROVIDER": PROVIDER,
        "CTO_HARNESS_CASE_MODEL": MODEL,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "sotctl", "gate", "--json"],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
@pytest.mark.long
def test_the_gate_refuses_where_git_waits_for_a_pipe(repository: GateRepository, tmp_path: Path) -> None:
    """All at once, since each takes as long as the gate is patient."""
    repositories = {name: GateRepository(tmp_path / name) for name in PLACES}
    for name, place in PLACES.items():
        shutil.copytree(repository.path, repositories[name].path, symlinks=True)
        pipe = place(repositories[name])
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
    gates = {name: asked(found) for name, found in repositories.items()}
    try:
        said = {name: json.loads(gate.communicate(timeout=4 * LIMIT_S)[0]) for name, gate in gates.items()}
    finally:
        for gate in gates.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(gate.pid, signal.SIGKILL)  # a git that waits outlives its gate
            gate.wait()
    message = f"git gave no answer within {LIMIT_S:.0f} s, so it is unknown what was committed"
    assert {name: (answer["reason"], answer["message"]) for name, answer in said.items()} == dict.fromkeys(
        PLACES, ("git-unreadable", message)
    )
    assert {gate.returncode for gate in gates.values()} == {1}
    left = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert [line for line in left.splitlines() if "git" in line and str(tmp_path) in line] == []
