"""What every test of Stage 2 has: a provider on loopback, and a place to run in."""

from __future__ import annotations

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


@pytest.fixture
def stage(tmp_path: Path, provider: Provider) -> Stage:
    """A repository that admits a local pair."""
    return Stage.make(tmp_path, provider.url)
