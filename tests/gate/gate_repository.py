"""A repository with one committed admission, and the gate as a real command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samples import Done, Repository
from sotctl.gate.trials import MODEL, PROVIDER

NAME = ".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.openai-codex-gpt-5.5.json"


@dataclass(frozen=True)
class GateRepository(Repository):
    """A repository, and the gate called on it."""

    @property
    def file(self) -> Path:
        """The committed admission."""
        return self.path / NAME

    def commit(self, files: Mapping[str, bytes]) -> None:
        """Write files and commit them, past every hook."""
        for name, data in files.items():
            self.write(name, data)
        self.git("add", "-f", *files)
        self.git("commit", "-q", "--no-verify", "-m", "a commit")

    def call(self, *arguments: str, **environment: str) -> Done:
        """Run `sotctl gate`, by default for the admitted pair; a variable given as "-" is unset."""
        variables = {
            "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(self.file),
            "CTO_HARNESS_CASE_MODEL_PROVIDER": PROVIDER,
            "CTO_HARNESS_CASE_MODEL": MODEL,
            **environment,
        }
        return self.run("gate", *arguments, **{name: value for name, value in variables.items() if value != "-"})

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
