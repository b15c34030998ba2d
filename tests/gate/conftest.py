"""What every test of the gate has: a repository with one committed admission."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.gate_house import NAME, House
from sotctl.gate.trials import admission, encode


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A repository whose HEAD holds a good admission."""
    top = tmp_path / "house"
    top.mkdir()
    found = House(top)
    found.git("init", "-q", "-b", "main")
    found.commit({NAME: encode(admission(datetime.now(UTC)))})
    return found


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_root: gives files to other users; deselected for anybody but root")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, by name, the tests that only root can run; the last line counts them."""
    absent = [] if os.geteuid() == 0 else [item for item in items if item.get_closest_marker("needs_root")]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]
