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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that works in one of the repositories below its hash, and a way past the gate both.

    The variants of one way differ in what has no part in the hash, so they have the usual one alone.
    """
    if "object_format" in metafunc.fixturenames:
        is_way_past = metafunc.module.__name__.endswith("test_bypasses")
        has_variants = metafunc.definition.get_closest_marker("parametrize") is not None
        metafunc.parametrize("object_format", ["sha1", "sha256"] if is_way_past and not has_variants else ["sha1"])


def _copy(prepared: dict[str, Path], name: str, target: Path, *, with_commit: bool) -> Gated:
    """A copy of a repository with the hooks, which is made where there is none yet."""
    source = prepared[name] / ("born" if with_commit else "unborn")
    if not source.exists():
        if with_commit:
            _copy(prepared, name, source, with_commit=False).commit()
        else:
            create(source, f"--object-format={name}")
    shutil.copytree(source, target, symlinks=True)
    return Gated(target)


@pytest.fixture
def unborn(prepared: dict[str, Path], tmp_path: Path, object_format: str, monkeypatch: pytest.MonkeyPatch) -> Gated:
    """A repository with the hooks and without a commit; whatever else the test creates has the same hash."""
    monkeypatch.setenv("GIT_DEFAULT_HASH", object_format)
    return _copy(prepared, object_format, tmp_path / "work", with_commit=False)


@pytest.fixture
def gated(prepared: dict[str, Path], tmp_path: Path, object_format: str, monkeypatch: pytest.MonkeyPatch) -> Gated:
    """A repository with the hooks and one commit."""
    monkeypatch.setenv("GIT_DEFAULT_HASH", object_format)
    return _copy(prepared, object_format, tmp_path / "work", with_commit=True)
