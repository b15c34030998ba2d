"""The two engines of the detector: hyperscan's database takes half a second to build, so it is built once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sotctl.secrets import bulk, prepare


@pytest.fixture(scope="session")
def database() -> bytes:
    """The database; empty where hyperscan is not installed."""
    before = bulk._engine
    built = prepare()
    bulk._engine = before
    return built


@pytest.fixture
def engine(database: bytes) -> Iterator[bytes]:
    """The database, made ready; afterwards the process is as before."""
    before = bulk._engine
    yield prepare(database)
    bulk._engine = before


@pytest.fixture(params=["engine", "alone"])
def either_engine(request: pytest.FixtureRequest, database: bytes) -> Iterator[None]:
    """Hyperscan, and the standard library alone."""
    before = bulk._engine
    bulk._engine = None
    if request.param == "engine":
        prepare(database)
    yield
    bulk._engine = before
