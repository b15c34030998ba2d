"""A repository with one committed admission, and the gate as a real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotctl.admission.trials import MODEL, PROVIDER

NAME = ".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.openai-codex-gpt-5.5.json"


@dataclass(frozen=True)
class House:
    """A repository, and the gate called on it."""

    top: Path

    @property
    def file(self) -> Path:
        """The committed admission."""
        return self.top / NAME

    def git(self, *arguments: str) -> str:
        """What a git command prints."""
        return subprocess.run(["git", *arguments], cwd=self.top, check=True, capture_output=True, text=True).stdout

    def commit(self, files: Mapping[str, bytes]) -> None:
        """Write files and commit them, past every hook."""
        for name, data in files.items():
            (self.top / name).parent.mkdir(parents=True, exist_ok=True)
            (self.top / name).write_bytes(data)
        self.git("add", "-f", *files)
        self.git("commit", "-q", "--no-verify", "-m", "a commit")

    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `sotctl gate`, by default for the admitted pair; a variable given as "-" is unset."""
        variables = {
            "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(self.file),
            "CTO_HARNESS_CASE_MODEL_PROVIDER": PROVIDER,
            "CTO_HARNESS_CASE_MODEL": MODEL,
            **environment,
        }
        known = {**os.environ, **{name: value for name, value in variables.items() if value != "-"}}
        command = [sys.executable, "-m", "sotctl", "gate", *arguments]
        return subprocess.run(command, env=known, capture_output=True, text=True, check=False, cwd=self.top)

    def gate(self, *arguments: str, **environment: str) -> dict[str, Any]:
        """What the gate says in JSON; its exit status must fit."""
        done = self.call("--json", *arguments, **environment)
        said: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == (0 if said["case_model_admission_status"] == "admitted" else 1), done.stderr
        return said

    def decided(self, *arguments: str, **environment: str) -> tuple[str, str]:
        """Status and reason alone."""
        said = self.gate(*arguments, **environment)
        return said["case_model_admission_status"], said["reason"]
