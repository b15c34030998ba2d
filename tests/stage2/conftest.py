"""What every test of Stage 2 has: no settings of the machine, a provider on loopback, and a place to run in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from provider import Provider
from stage_house import Stage


@pytest.fixture(autouse=True)
def isolated_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the git settings of the machine, or of a hook it runs inside."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "CTO_", "SOTCTL_"))]:
        monkeypatch.delenv(name)
    (tmp_path / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider on loopback."""
    found = Provider()
    yield found
    found.close()


@pytest.fixture
def stage(tmp_path: Path, provider: Provider) -> Stage:
    """A repository that admits a local pair."""
    return Stage.make(tmp_path, provider.url)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(what): left out where the machine lacks it: `root`, or a program")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, by name, the tests of what this machine does not have."""
    lacking = [item for item in items if any(not _has(mark.args[0]) for mark in item.iter_markers("needs"))]
    if lacking:
        config.hook.pytest_deselected(items=lacking)
        items[:] = [item for item in items if item not in lacking]


def _has(what: str) -> bool:
    return os.geteuid() == 0 if what == "root" else shutil.which(what) is not None
