"""What real programs wrote, read again: the runs that completed are whole, and those that failed are told why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sotctl.evidence.account import Account
from sotctl.evidence.requests import Outcome, RecordedRequest, request_problems
from sotctl.stage2.agents import Setting, agents
from sotctl.stage2.tasks import TASKS

LOGS = Path(__file__).parents[1] / "data/real-agents"
TASK = TASKS["string-slugify"]
STANDARD = ("implementer", "verifier", "reviewer", "closer", "retrospective")


class Logs:
    """The copies of a program's logs, as a run has them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes | None:
        return self._files.get(path)

    def chunks(self, path: str) -> Iterator[bytes]:
        yield self._files[path]

    def paths(self) -> Iterator[str]:
        yield from sorted(self._files)

    def strange(self) -> Iterator[str]:
        yield from ()


def account(backend: str, files: Mapping[str, bytes], provider: str, model: str) -> Account:
    setting = Setting(run_dir="/runs/x", task=TASK, provider=provider, model=model, base_url="http://127.0.0.1:1")
    return agents()[backend].account(Logs(files), setting)


def of_case(name: str, provider: str = "openai", model: str = "lab-model") -> Account:
    folder = LOGS / name
    files = {f"backend/{file.name}": file.read_bytes() for file in folder.iterdir()}
    return account("case", files, provider, model)


def requests(name: str, model: str) -> list[RecordedRequest]:
    """The requests as the recorder of that day wrote them, in the form that it has now."""
    found = []
    for line in (LOGS / name / "requests.jsonl").read_bytes().splitlines():
        values = json.loads(line)
        assert (values.pop("refused"), values["requested_model"]) == (None, model)
        names = tuple(values.pop("served_models"))
        more = {"connection": 1, "generates": True, "outcome": Outcome.ANSWERED, "detail": "", "served_models": names}
        found.append(RecordedRequest(**values, **more))
    return found


@pytest.mark.parametrize(
    ("name", "provider", "model"),
    [("ok", "openai", "lab-model"), ("revise", "openai", "lab-model"), ("codex", "openai-codex", "gpt-5.5")],
)
def test_a_run_of_case_that_completed_is_whole(name: str, provider: str, model: str) -> None:
    """Each holds phases that were never started and ended as `skipped`."""
    found = of_case(name, provider, model)
    assert b'"outcome":"skipped"' in (LOGS / name / "events.jsonl").read_bytes()
    assert (found.problems, found.outcome, found.agents) == ((), "completed", STANDARD)
    assert {spawn.pair for spawn in found.spawns} == {(provider, model)}
    assert {spawn.agent for spawn in found.spawns} == set(STANDARD)
    asked = requests(name, model)
    assert list(request_problems(asked, agents=found.agents, model=model, hosts=("127.0.0.1",))) == []


def test_events_of_case_that_changed_places_on_disk_are_whole() -> None:
    """Case does not wait for an event to be written; on a busy machine the end of a phase overtook that of a tool."""
    files = {f"backend/{file.name}": file.read_bytes() for file in (LOGS / "ok").iterdir()}
    lines = files["backend/events.jsonl"].splitlines(keepends=True)
    lines[4], lines[5] = lines[5], lines[4]
    swapped = {**files, "backend/events.jsonl": b"".join(lines)}
    assert account("case", swapped, "openai", "lab-model").problems == ()
    cut = {**files, "backend/events.jsonl": b"".join(lines[:4] + lines[5:])}
    reasons = {problem.reason for problem in account("case", cut, "openai", "lab-model").problems}
    assert "events-sequence" in reasons


@pytest.mark.parametrize("name", ["fail-implement", "no-key"])
def test_a_run_of_case_that_failed_is_not(name: str) -> None:
    found = of_case(name)
    assert found.outcome == "failed"
    reasons = {problem.reason for problem in found.problems}
    assert reasons == {"phase-not-completed", "phase-missing", "pipeline-not-completed"}
    asked = requests(name, "lab-model")
    (first, *_) = request_problems(asked, agents=found.agents, model="lab-model", hosts=("127.0.0.1",))
    assert first.reason == ("no-model-request" if name == "no-key" else "agent-without-request")


@pytest.mark.parametrize("backend", ["codex", "opencode"])
def test_a_run_of_one_agent_that_completed_is_whole(backend: str) -> None:
    pair = ("lab", "gpt-5.5")
    data = (LOGS / f"other-agents/{backend}.stdout.jsonl").read_bytes()
    found = account(backend, {f"backend/{backend}.stdout": data}, *pair)
    assert (found.problems, found.outcome, found.agents) == ((), "completed", (backend,))
    assert [spawn.pair for spawn in found.spawns] == [pair]


@pytest.mark.parametrize("backend", ["codex", "opencode", "pi"])
@pytest.mark.parametrize("cut", [0.0, 0.5, 0.9])  # pi's recording breaks off by itself
def test_a_log_that_breaks_off_is_no_completion(backend: str, cut: float) -> None:
    data = (LOGS / f"other-agents/{backend}.stdout.jsonl").read_bytes()
    found = account(backend, {f"backend/{backend}.stdout": data[: int(len(data) * cut)]}, "lab", "gpt-5.5")
    assert [problem.reason for problem in found.problems] == ["pipeline-not-completed"]
