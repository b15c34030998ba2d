"""A run that passed, made once for each test process; every test works on a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from stage2.provider import Provider
from stage2.stage_repository import Stage


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider on loopback."""
    found = Provider()
    yield found
    found.close()


@pytest.fixture(scope="session")
def passed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run directory of a run that passed."""
    place = tmp_path_factory.mktemp("passed")
    (place / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.com\n")
    own = {"GIT_CONFIG_GLOBAL": str(place / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1"}
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(("GIT_", "CTO_", "SOTCTL_"))}
    os.environ.update(own)
    provider = Provider()
    try:
        ran = Stage.make(place, provider.url).run()
        assert ran.outcome[0] == "pass", ran.done.stderr
        return ran.folder
    finally:
        provider.close()
        for name in own:
            del os.environ[name]
        os.environ.update(kept)


@pytest.fixture
def passed(passed_once: Path, tmp_path: Path) -> Path:
    """A copy of it, under the same name."""
    return Path(shutil.copytree(passed_once, tmp_path / "runs" / passed_once.name, symlinks=True))
