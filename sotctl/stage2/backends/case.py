"""Case: what it reads, what it may be asked, and where it writes.

Source: the public project `workos/case`, measured on its commit of 2026-05-16; `docs/stage2.md` lists the facts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sotctl.evidence import files
from sotctl.evidence.config import config_bytes, models_bytes
from sotctl.stage2.backends import Backend
from sotctl.stage2.fixture import Task

ARGUMENTS = ("run", "--task", "{task_file}", "--mode", "unattended")
MAX_LAUNCHER_WORDS = 3
_SETS_A_VARIABLE = re.compile(r"[^/=]+=")
_STARTERS = frozenset(
    {"env", "busybox", "toybox", "coreutils", "nice", "nohup", "setsid", "timeout", "stdbuf", "xargs", "script"}
    | {"sh", "ash", "bash", "dash", "fish", "ksh", "mksh", "zsh", "csh", "tcsh", "pwsh", "direnv", "dotenv"}
    | {"sudo", "doas", "su", "runuser", "chroot", "unshare", "nsenter", "bwrap", "firejail", "systemd-run"}
)
"""Programs that start another one, with an environment of their own making where they are told to."""


def argv_problem(command: Sequence[str]) -> str | None:
    """What is wrong with a command: it must be a launcher without options, then exactly `ARGUMENTS`."""
    launcher, asked = tuple(command[: -len(ARGUMENTS)]), tuple(command[-len(ARGUMENTS) :])
    if asked != ARGUMENTS:
        return f"the command does not end in exactly `{' '.join(ARGUMENTS)}`"
    if not 1 <= len(launcher) <= MAX_LAUNCHER_WORDS or any(word.startswith("-") for word in launcher[1:]):
        return "what starts Case must be a program and a file, without options of their own"
    if any(_SETS_A_VARIABLE.match(word) for word in launcher):
        return "what starts Case may not set a variable; the backend has the environment that sotctl makes"
    if starter := next((word for word in launcher if _is_starter(word)), None):
        return f"{os.path.basename(starter)} would stand between sotctl and Case, and could give it another environment"
    return None


def _is_starter(word: str) -> bool:
    """Whether a word is one of `_STARTERS`, under its own name or behind a link."""
    names = {os.path.basename(place) for place in (word, os.path.realpath(shutil.which(word) or word))}
    return not names.isdisjoint(_STARTERS)


def projects_bytes(run_dir: str, task: Task) -> bytes:
    """The manifest: the fixture and nothing else."""
    repository = {
        "name": task.id,
        "path": f"{run_dir}/{files.REAL}",
        "description": "The fixture of this run",
        "language": "python",
        "commands": {"test": "python3 -m unittest"},
    }
    return (json.dumps({"repos": [repository]}, indent=2) + "\n").encode()


def prepare(run_dir: Path, task: Task, provider: str, model: str, base_url: str) -> Mapping[str, str]:
    """Write Case's configuration, manifest, provider entry and task; gives what the command's names stand for."""
    tasks = run_dir / files.REAL / ".case/tasks/active"
    tasks.mkdir(parents=True)
    described = {
        "id": task.id,
        "status": "active",
        "repo": task.id,
        "issueType": "freeform",
        "mode": "unattended",
        "profile": "standard",
        "agents": {},
        "tested": False,
        "manualTested": False,
        "prUrl": None,
        "prNumber": None,
    }
    written = {
        run_dir / files.CONFIG: config_bytes(provider, model),
        run_dir / files.PROJECTS: projects_bytes(str(run_dir), task),
        run_dir / files.MODELS: models_bytes(provider, model, base_url),
        tasks / f"{task.id}.task.json": (json.dumps(described, indent=2) + "\n").encode(),
        tasks / f"{task.id}.md": task.request.encode(),
    }
    for path, data in written.items():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(data)
    return {
        "task_file": str(tasks / f"{task.id}.task.json"),
        "fixture": str(run_dir / files.REAL),
        "data_dir": str(run_dir / "case-data"),
        "run_dir": str(run_dir),
    }


def event_log(run_dir: Path, task: Task) -> bytes | None:
    """The one event log of a fresh fixture; None where there is none, or where a second one was left over."""
    folder = run_dir / files.REAL / ".case" / task.id / "events"
    found = sorted(path for path in folder.glob("*.jsonl") if path.is_file() and not path.is_symlink())
    return found[0].read_bytes() if len(found) == 1 else None


BACKEND = Backend(id="case", argv_problem=argv_problem, prepare=prepare, event_log=event_log, projects=projects_bytes)
