"""Case's manifest of the repositories that it may work on."""

from __future__ import annotations

import json

from sotctl.evidence.files import REAL
from sotctl.stage2.tasks import Task


def projects_bytes(run_dir: str, task: Task) -> bytes:
    """The manifest: the fixture and nothing else."""
    repository = {
        "name": task.id,
        "path": f"{run_dir}/{REAL}",
        "description": "The fixture of this run",
        "language": "python",
        "commands": {"test": "python3 -m unittest"},
    }
    return (json.dumps({"repos": [repository]}, indent=2) + "\n").encode()
