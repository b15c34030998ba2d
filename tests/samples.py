"""What the tests are made of: the reference document, a decision on it, and a real repository to work in."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sotctl.admissions.approval import bound_formats
from sotctl.decisions.answers import read_values
from sotctl.decisions.planning import plan_decision
from sotctl.documents.edits import header
from sotctl.documents.policy import Policy
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.strict_yaml import parse_mapping, plain
from sotctl.documents.tree import DictTree, Tree
from sotctl.plan import Plan

HERE = Path(__file__).parent
REFERENCE = (HERE / "data" / "reference.md").read_bytes()
REFERENCE_NAME = "CTO-CASE-MODEL-PROVIDER-ADMISSION-ISSUES.md"
REFERENCE_PATH = f".sot/02-ISSUES/{REFERENCE_NAME}"
ANSWERS = HERE.parent / "docs" / "answers.yaml"
RECORD_PATH = ".sot/01-DECISIONS/CTO-WORK-020-DR-001.md"
ADMISSION_PATH = ".sot/03-PROTOCOLS/CTO-CASE-MODEL-PROVIDER-ADMISSION.openai-codex-gpt-5.5.json"
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
# A token that every scanner knows, put together so that this file holds none.
TOKEN = "ghp_" + "aB3dE6gH9" * 4
# What CTO-WORK-027 of the reference document lists.
ADMITTED = {
    "status": "admitted",
    "provider": "openai-codex",
    "model": "gpt-5.5",
    "credential_source_class": "hermes-openai-codex-oauth-and-local-vllm-config",
    "allowed_network_class": "codex-oauth-hosted-model-plus-local-vllm-fallback",
    "approval_source": "JP chat approval on 2026-05-31",
}

# The eight fields that every governed document has.
EIGHT = {
    "title": "Work",
    "status": "draft",
    "lifecycle_classification": "sot",
    "owner": "jp",
    "created": "2026-05-31",
    "last_reviewed": "2026-05-31",
    "core_promotion_status": "not-promoted",
    "route": "cto",
}

Done = subprocess.CompletedProcess[str]
START = {REFERENCE_PATH: REFERENCE}


@dataclass(frozen=True)
class Repository:
    """A real repository that a test works in."""

    path: Path

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> Done:
        """Run sotctl in this process, through the entry that its own process uses, without a terminal."""
        return in_process(self.path, arguments, stdin, environment)

    def spawn(self, *arguments: str, stdin: str | None = None, **environment: str) -> Done:
        """Run sotctl as a process of its own, where that is the point."""
        return subprocess.run(
            [sys.executable, "-m", "sotctl", *arguments],
            cwd=self.path,
            input=stdin if stdin is not None else "",
            env={**{name: value for name, value in os.environ.items() if name != "COLUMNS"}, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *arguments: str, **environment: str) -> str:
        """Run sotctl, expect success, and return what it prints."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def git(self, *arguments: str) -> str:
        """Run git, expect success, and return what it prints."""
        done = self.try_git(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def try_git(self, *arguments: str) -> Done:
        """Run git and return how it went."""
        return subprocess.run(["git", *arguments], cwd=self.path, capture_output=True, text=True, check=False)

    def write(self, name: str, data: bytes | str) -> Path:
        """Write a file of the work tree."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def read(self, name: str) -> bytes:
        """Read a file of the work tree."""
        return (self.path / name).read_bytes()

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that a file of the work tree holds, the first time it stands there."""
        text = self.read(name).decode()
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def decide(self, *more: str) -> Done:
        """Record the decision of CTO-WORK-020 without a prompt."""
        return self.run("decide", "CTO-WORK-020", "--answers", str(ANSWERS), "--yes", *more)


def in_process(cwd: Path, arguments: Sequence[str], stdin: str, environment: Mapping[str, str]) -> Done:
    """What a process of sotctl would print and return, without the cost of starting one."""
    from sotctl import cli

    before, here = dict(os.environ), Path.cwd()
    # Files, since a verb may hand its streams on to git.
    out, error = (
        io.TextIOWrapper(tempfile.TemporaryFile(), "utf-8", "backslashreplace", write_through=True)  # noqa: SIM115
        for _ in range(2)
    )
    streams = sys.stdin, sys.stdout, sys.stderr
    os.environ.pop("COLUMNS", None)
    os.environ.update(environment)
    os.chdir(cwd)
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"), out, error
    try:
        status = cli.run(list(arguments))
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
    said, complained = _whole(out), _whole(error)
    return subprocess.CompletedProcess(["sotctl", *arguments], status, said, complained)


def _whole(stream: io.TextIOWrapper) -> str:
    """All that was written to a stream, which is closed."""
    with stream:
        stream.flush()
        stream.buffer.seek(0)
        return stream.buffer.read().decode()


def use_own_git_settings(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Point git and sotctl at a home of the tests' own."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "CTO_", "SOTCTL_"))]:
        monkeypatch.delenv(name)
    (home / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.com\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)


def snapshot(files: dict[str, bytes] | Tree, *, now: datetime = NOW, policy: Policy | None = None) -> Snapshot:
    """The documents of a tree in memory."""
    tree = DictTree(files) if isinstance(files, dict) else files
    policy = policy or Policy()
    return Snapshot(tree, ".sot", policy=policy, formats=bound_formats(policy, now=now), now=now)


def answers(**more: object) -> dict[str, object]:
    """The answers of CTO-WORK-020, with some changed."""
    schema = snapshot(START).templates.schema("provider-decision")
    return read_values(schema, {**plain(parse_mapping(ANSWERS.read_text())), **more})


@contextmanager
def template(factory: pytest.TempPathFactory, source: Path | None = None) -> Iterator[Repository]:
    """A repository that is made once, from *source* if there is one, and then only copied; it has its own settings."""
    made = Repository(factory.mktemp("template") / "work")
    if source is None:
        made.path.mkdir()
    else:
        shutil.copytree(source, made.path, symlinks=True)
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_own_git_settings(monkeypatch, factory.mktemp("home"))
        yield made


def document(text: str, **fields: str) -> str:
    """A governed document with *text* below its frontmatter."""
    return f"{header({**EIGHT, **fields})}\n{text}"


def evidence_of_a_pass(admission: bytes, **fields: str) -> bytes:
    """The record of a pass of the reference's pair with *admission*."""
    day = NOW.date().isoformat()
    return document(
        "# A pass\n",
        **{
            "title": "Stage 2 pass",
            "status": "validated",
            "created": day,
            "last_reviewed": day,
            "issue": "CTO-WORK-020",
            "run_id": "20261123T101500Z-r1-string-slugify-4711",
            "run_directory": "/srv/runs/a",
            "result": "pass",
            "provider": ADMITTED["provider"],
            "model": ADMITTED["model"],
            "admission_sha256": hashlib.sha256(admission).hexdigest(),
            "report_sha256": "ab" * 32,
            **fields,
        },
    ).encode()


def decided(files: dict[str, bytes], **more: object) -> Plan:
    """The plan of the decision of CTO-WORK-020 on a tree."""
    return plan_decision(snapshot(files), "CTO-WORK-020", answers(**more), now=NOW)
