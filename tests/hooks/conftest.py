"""Repositories behind the gate. An empty one is made once for each hash and copied, as installing takes a second."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gated import Gated, create


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the repositories lie that are copied, by their hash."""
    return {name: tmp_path_factory.mktemp("prepared") / name for name in ("sha1", "sha256")}


def _copy(prepared: dict[str, Path], name: str, target: Path) -> Gated:
    source = prepared[name]
    if not source.exists():
        create(source, f"--object-format={name}")
    shutil.copytree(source, target, symlinks=True)
    return Gated(target)


@pytest.fixture
def unborn(prepared: dict[str, Path], tmp_path: Path) -> Gated:
    """A repository with the hooks and without a commit."""
    return _copy(prepared, "sha1", tmp_path / "work")


@pytest.fixture
def gated(unborn: Gated) -> Gated:
    """A repository with the hooks and one commit."""
    unborn.commit()
    return unborn


@pytest.fixture(params=["sha1", "sha256"])
def either(request: pytest.FixtureRequest, prepared: dict[str, Path], tmp_path: Path) -> Gated:
    """The same in a repository of either hash."""
    gated = _copy(prepared, request.param, tmp_path / "work")
    gated.commit()
    return gated
