"""Real coding agents behind the recorder, each in the sandbox, which has no network but the recorder.

The packages are those that `.ci/run` installs; the tests of one that is missing are left out. Real Case runs where
`SOTCTL_TEST_CASE` names its checkout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotctl.stage2.verification import verify_directory
from stage2.model_server import ModelServer
from stage2.stage_repository import Ran, Stage

pytestmark = [pytest.mark.needs("bwrap"), pytest.mark.slow]
KEY = "a-key-of-mine-alone"
CASE = os.environ.get("SOTCTL_TEST_CASE", "")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A model on loopback."""
    found = ModelServer()
    yield found
    found.close()


def run(place: Path, server: ModelServer, backend: str, pair: tuple[str, str], launcher: list[str]) -> Ran:
    """Run a real agent in the sandbox, and never outside of it."""
    stage = Stage.make(place / "stage", server.url, provider=pair[0], model=pair[1])
    return stage.run_words(launcher, "--backend", backend, credential="env:A_KEY", A_KEY=KEY)


def assert_passed(ran: Ran, server: ModelServer, pair: tuple[str, str]) -> None:
    assert ran.outcome == ("pass", "admitted", "passed"), ran.done.stdout
    found = verify_directory(ran.folder)
    assert ([finding.message for finding in found.findings], found.is_pass) == ([], True)
    assert {model for _, model in server.requests} == {pair[1]}
    assert server.keys == {f"Bearer {KEY}"}
    assert not [path for path in ran.folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert ran.report["backend"]["version"]


PASSES = [
    pytest.param("pi", ("openai", "lab-model"), marks=pytest.mark.needs("pi")),
    pytest.param("pi", ("openai-codex", "gpt-5.5"), marks=pytest.mark.needs("pi")),
    pytest.param("codex", ("openai", "gpt-5.5"), marks=pytest.mark.needs("codex")),
    pytest.param("codex", ("openai-codex", "gpt-5.5"), marks=pytest.mark.needs("codex")),
    pytest.param("opencode", ("vllm", "lab-model"), marks=pytest.mark.needs("opencode")),
]


@pytest.mark.parametrize(("backend", "pair"), PASSES)
@pytest.mark.long
def test_a_real_agent_passes(tmp_path: Path, server: ModelServer, backend: str, pair: tuple[str, str]) -> None:
    assert_passed(run(tmp_path, server, backend, pair, []), server, pair)


@pytest.mark.parametrize(
    "backend", [pytest.param(name, marks=pytest.mark.needs(name)) for name in ("pi", "codex", "opencode")]
)
@pytest.mark.long
def test_a_real_agent_that_is_answered_by_another_model_fails(
    tmp_path: Path, server: ModelServer, backend: str
) -> None:
    server.served_model = "another-model"
    ran = run(tmp_path, server, backend, ("openai", "gpt-5.5"), [])
    assert ran.outcome == ("fail", "not_admitted", "other-model-served")


@pytest.mark.needs_variable("SOTCTL_TEST_CASE")
@pytest.mark.needs("bun")
@pytest.mark.parametrize("pair", [("openai", "lab-model"), ("openai-codex", "gpt-5.5"), ("vllm", "lab-model")])
def test_real_case_passes(tmp_path: Path, server: ModelServer, pair: tuple[str, str]) -> None:
    entry = Path(CASE) / "src/index.ts"
    ran = run(tmp_path, server, "case", pair, ["bun", str(entry)])
    assert_passed(ran, server, pair)
    assert {row["agent"] for row in ran.report["used"]} >= {"implementer", "verifier", "reviewer", "closer"}
