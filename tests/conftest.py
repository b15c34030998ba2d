"""Fixtures: an environment of their own for the tests, and repositories to work in."""

from __future__ import annotations

import functools
import gc
import os
import shutil
import signal
import subprocess
from pathlib import Path

import hypothesis
import pytest

from samples import REFERENCE, REFERENCE_PATH, Repository, template, use_own_git_settings

# How long one example takes says something of the machine alone; what must be quick has a test that counts work.
hypothesis.settings.register_profile("suite", deadline=None, max_examples=50, print_blob=True)
hypothesis.settings.load_profile("suite")


@pytest.fixture(autouse=True)
def isolated_git(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the git settings of the machine, or of a hook it runs inside."""
    use_own_git_settings(monkeypatch, tmp_path_factory.mktemp("home"))


@pytest.fixture
def empty(tmp_path: Path) -> Repository:
    """A repository without a commit."""
    repository = Repository(tmp_path / "work")
    repository.path.mkdir()
    repository.git("init", "-q")
    return repository


@pytest.fixture(scope="session")
def store_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the reference document, with the hooks installed; made once, and only copied."""
    with template(tmp_path_factory) as made:
        made.git("init", "-q")
        made.write(REFERENCE_PATH, REFERENCE)
        made.done("init")
        made.git("add", "-A")
        made.git("commit", "-qm", "Add the issues")
    return made.path


@pytest.fixture(scope="session")
def decided_template(store_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the decision of CTO-WORK-020."""
    with template(tmp_path_factory, store_template) as made:
        done = made.decide()
        assert done.returncode == 0, done.stderr
    return made.path


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    """A repository of its own that holds the reference document, with the hooks installed."""
    is_decided = request.node.get_closest_marker("decided") is not None
    template = request.getfixturevalue("decided_template" if is_decided else "store_template")
    shutil.copytree(template, tmp_path / "work", symlinks=True)
    return Repository(tmp_path / "work")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what tests counted: the runs of the kill tests, the edits of the evidence tests."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            terminalreporter.line(f"{name}: {value}")


def pytest_configure(config: pytest.Config) -> None:
    """Take SIGINT again where it is ignored, as under `nohup`: the programs that are interrupted would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line(
        "markers",
        "needs(program, *arguments): needs a program; deselected where it is absent, or fails with arguments",
    )
    config.addinivalue_line("markers", "decided: the store of the test holds the decision of CTO-WORK-020")
    config.addinivalue_line("markers", "needs_variable(name): needs a variable; deselected where it is not set")
    config.addinivalue_line("markers", "needs_root: gives files to other users; deselected for anybody but root")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, by name, the tests of what is not here; the last line counts them. Begin with the long ones."""
    absent = [item for item in items if not _can_run(item)]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of garbage pass over the tests themselves, some hundred thousand objects that stay."""
    gc.collect()
    gc.freeze()


def _can_run(item: pytest.Item) -> bool:
    if os.geteuid() != 0 and item.get_closest_marker("needs_root"):
        return False
    named = (name for mark in item.iter_markers("needs_variable") for name in mark.args)
    return all(os.environ.get(name) for name in named) and all(
        _works(*mark.args) for mark in item.iter_markers("needs")
    )


@functools.cache
def _works(program: str, *arguments: str) -> bool:
    """Whether a program is installed and, with arguments, may do here what they ask."""
    if shutil.which(program) is None:
        return False
    return not arguments or subprocess.run([program, *arguments], capture_output=True, check=False).returncode == 0
