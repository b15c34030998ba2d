"""Whether a run passes, from its files alone: the conditions of `docs/reference/stage2.md`.

`stage2 run` checks them at the end of a run, `evidence verify` checks them again later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sotctl.admissions.admission import Admission
from sotctl.evidence.account import Account, Spawn
from sotctl.evidence.causes import NOT_ADMITTED
from sotctl.evidence.files import TRACE, LineError, Problem, RunFiles, json_lines
from sotctl.evidence.report import FixtureResult
from sotctl.evidence.requests import Outcome, RecordedRequest

LATEST_START = timedelta(minutes=1)
"""How long after the time in its name a run may begin."""


def passed_on_problems(requests: Sequence[RecordedRequest], model: str) -> Iterator[Problem]:
    """Requests for another model that reached the upstream, although the recorder passes none of these on."""
    for request in requests:
        if request.outcome in (Outcome.ANSWERED, Outcome.ANSWER_CUT_OFF) and request.requested_model != model:
            message = f"a request for {request.requested_model or 'no model'} was passed on"
            yield Problem(reason="other-model-requested", message=message, status=NOT_ADMITTED)


def spawn_problems(files: RunFiles, account: Account, admission: Admission, inside: str) -> Iterator[Problem]:
    """What is wrong with the starts: another pair, an agent that was never started, one outside the run directory."""
    for spawn in account.spawns:
        if spawn.pair != admission.pair:
            kept = spawn.pair in admission.fallback
            reason = "fallback-used" if kept else "other-pair-spawned"
            tail = f", a fallback pair: {admission.issue or 'the issue'} stays blocked" if kept else ""
            message = f"{spawn.agent} was started with {spawn.provider}/{spawn.model}{tail}"
            yield Problem(reason=reason, message=message, status=NOT_ADMITTED)
        if message := _outside(files, spawn, inside):
            yield Problem(reason="spawn-outside", message=message)
    for agent in account.agents:
        if agent not in {spawn.agent for spawn in account.spawns}:
            yield Problem(reason="agent-not-spawned", message=f"nothing shows that {agent} was started")


def _outside(files: RunFiles, spawn: Spawn, inside: str) -> str:
    if not spawn.cwd:
        return ""
    if spawn.cwd != inside and not spawn.cwd.startswith(f"{inside}/"):
        return f"{spawn.agent} was started outside the run directory"
    if ".." in spawn.cwd.split("/"):
        return f"{spawn.agent} was started in a path that leads upwards"
    if _is_through_link(files, spawn.cwd.removeprefix(inside)):
        return f"{spawn.agent} was started behind a link"
    return ""


def _is_through_link(files: RunFiles, path: str) -> bool:
    """Whether a part of a path in the run directory is a link: its target is unknown from its text."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    places = {"/".join(parts[: count + 1]) for count in range(len(parts))}
    return any(place in places and (files.read(place) or b"").startswith(b"link:") for place in files.paths())


def test_problems(tests: Mapping[str, FixtureResult]) -> Iterator[Problem]:
    """What is wrong with the results of the tests of the fixtures `real` and `fake`."""
    real, fake = tests["real"], tests["fake"]
    for name, found in (("real", real), ("fake", fake)):
        if found.passed_before is not False:
            message = f"the tests of the {name} fixture did not fail at first"
            yield Problem(reason="tests-passed-before", message=message)
    if not fake.passed_after:
        yield Problem(reason="baseline-failed", message="the fake baseline does not pass the tests")
    if not real.passed_after:
        yield Problem(reason="tests-failed", message="the tests do not pass on what the backend wrote")


def time_problems(
    files: RunFiles, run_id: str, admission: Admission, requests: Sequence[RecordedRequest]
) -> Iterator[Problem]:
    """What is wrong with the order of times: admission, name of the run, trace, requests."""
    try:
        begun, ended = _span(files)
        named = datetime.strptime(run_id.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        admitted = _time(admission.text("admission_timestamp"))
        asked = [_time(request.started_at) for request in requests]
    except (ValueError, LineError, TypeError):
        yield Problem(reason="time-order", message="a time of the run cannot be read")
        return
    if not named <= begun <= named + LATEST_START:
        yield Problem(reason="time-order", message="the trace does not begin at the time in the run's name")
    if begun < admitted.replace(microsecond=admitted.microsecond // 1000 * 1000):
        yield Problem(reason="time-order", message="the run began before its admission")
    if any(not begun <= time <= ended for time in asked):
        yield Problem(reason="time-order", message="a request was made before the program started or after it ended")


def _span(files: RunFiles) -> tuple[datetime, datetime]:
    """The times of the first event of the trace, and of the program's end.

    Raises:
        ValueError: There are no such events.
        LineError: The trace is broken.
    """
    times = {str(event.get("event")): str(event.get("ts")) for event in json_lines(files.read(TRACE) or b"")}
    return _time(times.get("run_started", "")), _time(times.get("case_process_exited", ""))


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found
