"""A run that passed, made once for each test process; every test works on a copy."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "stage2"))

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many of the random edits were found."""
    counts = {"random edits found": 0, "random edits made": 0}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name in counts and getattr(report, "when", "") == "call":
                    counts[name] += value
    if counts["random edits made"]:
        terminalreporter.write_line(
            f"{counts['random edits found']} of {counts['random edits made']} random edits found"
        )
