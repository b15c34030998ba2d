"""What Case reads in a run directory, and whether it is still what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sotctl.evidence.files import HOME, REAL, Problem, RunFiles, stream
from sotctl.gate.case_config import config_bytes, config_problem
from sotctl.stage2.tasks import Task

CONFIG, PROJECTS, PRELOAD = "case-data/config.json", "case-data/projects.json", "case-data/preload.ts"
STDERR = stream("case", "stderr")
_ENV = (".env", *(f".env.{name}" for name in ("local", "development", "production", "test")))
_LOADED = frozenset((*_ENV, *(f"{name}.local" for name in _ENV[2:]), "bunfig.toml", ".bunfig.toml"))
"""What Bun loads by itself (https://bun.sh/docs/runtime/env, https://bun.sh/docs/runtime/bunfig)."""


def projects_bytes(run_dir: str, task: Task) -> bytes:
    """Case's manifest of the repositories that it may work on: the fixture and nothing else."""
    repository = {
        "name": task.id,
        "path": f"{run_dir}/{REAL}",
        "description": "The fixture of this run",
        "language": "python",
        "commands": {"test": "python3 -m unittest"},
    }
    return (json.dumps({"repos": [repository]}, indent=2) + "\n").encode()


def configuration_problems(files: RunFiles, pair: tuple[str, str], projects: bytes) -> Iterator[Problem]:
    """What is wrong with the configuration after the run, and with the manifest, which was written as *projects*."""
    data = files.read(CONFIG) or b""
    if problem := config_problem(data, *pair):
        yield Problem(reason=problem[0], message=f"the configuration after the run: {problem[1]}", status="mismatch")
    elif data != config_bytes(*pair):
        message = "the configuration is not the bytes that were written"
        yield Problem(reason="case-config-changed", message=message, status="mismatch")
    if files.read(PROJECTS) != projects:
        yield Problem(reason="manifest-changed", message="the manifest names something besides the fixture")


def loaded_problems(files: RunFiles) -> Iterator[Problem]:
    """Files that Bun would load from the fixture or the home."""
    for path in files.paths():
        where, _, name = path.rpartition("/")
        if name in _LOADED and f"{where}/".startswith((f"{REAL}/", f"{HOME}/")):
            message = f"{path} is there, and Bun loads such a file from where it is started"
            yield Problem(reason="environment-file", message=message, status="mismatch")
