"""What every test of the gate has: a repository with one committed admission."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.gate_repository import NAME, GateRepository
from samples import use_own_git_settings
from sotctl.gate.trials import admission, encode


@pytest.fixture(scope="session")
def gate_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose HEAD holds a good admission; made once, and only copied."""
    found = GateRepository(tmp_path_factory.mktemp("template") / "repository")
    found.path.mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_own_git_settings(monkeypatch, tmp_path_factory.mktemp("home"))
        found.git("init", "-q", "-b", "main")
        found.commit({NAME: encode(admission(datetime.now(UTC)))})
    return found.path


@pytest.fixture
def repository(gate_template: Path, tmp_path: Path) -> GateRepository:
    """A repository of its own whose HEAD holds a good admission."""
    shutil.copytree(gate_template, tmp_path / "repository", symlinks=True)
    return GateRepository(tmp_path / "repository")
