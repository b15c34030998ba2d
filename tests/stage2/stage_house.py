"""A repository that admits a local pair, and `stage2 run` called on it with the stand-in for Case."""

from __future__ import annotations

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

from sotctl.gate.trials import admission, encode

PROVIDER, MODEL = "vllm", "qwen3.6-35b-a3b"
NAME = ".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.vllm-qwen3.6-35b-a3b.json"
ASKED = ("run", "--task", "{task_file}", "--mode", "unattended")
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
        file = place / "house" / NAME
        file.parent.mkdir(parents=True)
        local = {"provider": PROVIDER, "model": MODEL, "credential_source_class": "local-vllm"}
        values = admission(datetime.now(UTC), **{**local, "allowed_network_class": "loopback", **changes})
        file.write_bytes(encode(values))
        (place / "house/.sot/sot.toml").write_text(configuration)
        for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "an admission")):
            subprocess.run(["git", *words], cwd=place / "house", check=True)
        variables = {
            "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE": str(file),
            "CTO_HARNESS_CASE_MODEL_PROVIDER": PROVIDER,
            "CTO_HARNESS_CASE_MODEL": MODEL,
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

    def command(
        self,
        traps: Mapping[str, object],
        *options: str,
        asked: tuple[str, ...] = ASKED,
        upstream: str | None = None,
        launcher: tuple[str, ...] = (sys.executable,),
    ) -> list[str]:
        """The whole command line of a run; what starts the stand-in is *launcher*."""
        words = [sys.executable, "-m", "sotctl", "stage2", "run", "--task", "string-slugify"]
        words += ["--runs-dir", str(self.runs), "--upstream", self.upstream if upstream is None else upstream]
        return [*words, *options, "--", *launcher, str(self.stand_in(traps)), *asked]

    def run(
        self,
        traps: Mapping[str, object] | None = None,
        *options: str,
        asked: tuple[str, ...] = ASKED,
        upstream: str | None = None,
        launcher: tuple[str, ...] = (sys.executable,),
        **environment: str,
    ) -> Ran:
        """Run the stand-in under the gate."""
        before = set(self.runs.glob("*"))
        done = subprocess.run(
            self.command(traps or {}, *options, asked=asked, upstream=upstream, launcher=launcher),
            env={**os.environ, **self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        made = set(self.runs.glob("*")) - before
        assert len(made) == 1, done.stderr
        return Ran(done, made.pop())
