"""A repository that admits a local pair, and `stage2 run` called on it with the stand-in for Case."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sotctl import cli
from sotctl.documents.layout import admission_name
from sotctl.gate.trials import admission, encode

PROVIDER, MODEL = "vllm", "qwen3.6-35b-a3b"
NAME = ".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.vllm-qwen3.6-35b-a3b.json"
NETWORKS = '[networks]\nloopback = ["127.0.0.1"]\n'


@dataclass(frozen=True)
class Ran:
    """One run: how the command ended, and the directory it left."""

    done: subprocess.CompletedProcess[str]
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """The report as it lies on disk."""
        values: dict[str, Any] = json.loads((self.folder / "report.json").read_bytes())
        return values

    @property
    def outcome(self) -> tuple[str, str, str]:
        """Result, admission status and reason."""
        report = self.report
        return report["result"], report["case_model_admission_status"], report["reason"]

    @property
    def reasons(self) -> set[str]:
        """Every reason that the report names."""
        return {problem["reason"] for problem in self.report["problems"]}

    @property
    def events(self) -> list[str]:
        """The events of the trace."""
        return [json.loads(line)["event"] for line in (self.folder / "trace.jsonl").read_bytes().splitlines()]

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What the recorder kept."""
        return [json.loads(line) for line in (self.folder / "backend/requests.jsonl").read_bytes().splitlines()]


@dataclass
class Stage:
    """A place to run in."""

    place: Path
    upstream: str
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, place: Path, upstream: str, configuration: str = NETWORKS, **changes: Any) -> Stage:
        """A repository at *place* with a committed admission and configuration."""
        pair = str(changes.get("provider", PROVIDER)), str(changes.get("model", MODEL))
        file = place / "repository/.sot/03-PROTOCOLS" / admission_name(*pair)
        file.parent.mkdir(parents=True)
        local = {"provider": PROVIDER, "model": MODEL, "credential_source_class": "local-vllm"}
        values = admission(datetime.now(UTC), **{**local, "allowed_network_class": "loopback", **changes})
        file.write_bytes(encode(values))
        (place / "repository/.sot/sot.toml").write_text(configuration)
        for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "an admission")):
            subprocess.run(["git", *words], cwd=place / "repository", check=True)
        variables = {
            "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(file),
            "CTO_HARNESS_CASE_MODEL_PROVIDER": pair[0],
            "CTO_HARNESS_CASE_MODEL": pair[1],
        }
        return cls(place, upstream, variables)

    @property
    def runs(self) -> Path:
        """Where the runs are."""
        return self.place / "runs"

    def stand_in(self, traps: Mapping[str, object]) -> Path:
        """The stand-in with its traps set."""
        folder = self.place / f"case-{len(list(self.place.glob('case-*')))}"
        folder.mkdir()
        shutil.copy(Path(__file__).parent / "stand_in_case.py", folder / "index.py")
        (folder / "index.py").chmod(0o700)
        (folder / "traps.json").write_text(json.dumps(traps))
        return folder / "index.py"

    def arguments(
        self,
        traps: Mapping[str, object],
        *options: str,
        upstream: str | None = None,
        launcher: tuple[str, ...] = (sys.executable,),
        runs: Path | None = None,
    ) -> list[str]:
        """The arguments of a run; what starts the stand-in is *launcher*."""
        words = ["stage2", "run", "--task", "string-slugify", "--runs-dir", str(runs or self.runs)]
        words += ["--upstream", self.upstream if upstream is None else upstream, "--credential", "none"]
        return [*words, *options, "--", *launcher, str(self.stand_in(traps))]

    def command(self, traps: Mapping[str, object], *options: str) -> list[str]:
        """The whole command line of a run, as a process."""
        return [sys.executable, "-m", "sotctl", *self.arguments(traps, *options)]

    def run(
        self,
        traps: Mapping[str, object] | None = None,
        *options: str,
        upstream: str | None = None,
        launcher: tuple[str, ...] = (sys.executable,),
        **environment: str,
    ) -> Ran:
        """Run the stand-in under the gate, in this process; in a folder of its own, since runs are named by second."""
        runs = self.runs / str(len(list(self.runs.glob("*"))))
        runs.mkdir(parents=True)
        words = self.arguments(traps or {}, *options, upstream=upstream, launcher=launcher, runs=runs)
        return self._ran(words, runs, environment)

    def run_words(self, launcher: list[str], *options: str, credential: str = "none", **environment: str) -> Ran:
        """Run whatever *launcher* starts; without *credential* none is named."""
        runs = self.runs / str(len(list(self.runs.glob("*"))))
        runs.mkdir(parents=True)
        words = ["stage2", "run", "--task", "string-slugify", "--runs-dir", str(runs), "--upstream", self.upstream]
        words += ["--credential", credential] if credential else []
        return self._ran([*words, *options, "--", *launcher], runs, environment)

    def process(
        self, traps: Mapping[str, object], *options: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the stand-in under the gate, as a process of its own."""
        return subprocess.run(
            self.command(traps, *options),
            env={**os.environ, **self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def _ran(self, words: list[str], runs: Path, environment: Mapping[str, str]) -> Ran:
        done = in_process(words, {**self.environment, **environment})
        made = list(runs.glob("*"))
        assert len(made) == 1, done.stderr
        return Ran(done, made[0])


def in_process(arguments: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run sotctl as its process would, without one."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for name, value in environment.items():
            patch.setenv(name, value)
        status = cli.run(arguments)
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())
