"""The trace of a run: the events there are, and the order they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sotctl.evidence.files import LineError, Problem, json_lines

_ORDER = re.compile(
    "run_started admission_loaded admission_checked (?:case_blocked run_finished|"
    "fixture_created fake_baseline_finished case_config_written case_process_started (?:case_agent_spawned )*"
    "case_process_exited model_use_verified baseline_compared secret_scan_finished run_finished)"
)


def trace_problems(data: bytes, *, run_id: str) -> Iterator[Problem]:
    """What is wrong with a trace: its lines, their numbers, their run, or their order."""
    try:
        events = list(json_lines(data))
    except LineError as error:
        yield Problem(reason="trace-broken", message=f"the trace: {error}")
        return
    if [event.get("seq") for event in events] != list(range(1, len(events) + 1)):
        yield Problem(reason="trace-sequence", message="the trace does not count from 1 without a hole")
    if any(event.get("run_id") != run_id for event in events) or not events:
        yield Problem(reason="trace-other-run", message="the trace is not that of this run alone")
    stamps = [str(event.get("ts")) for event in events]
    if stamps != sorted(stamps):
        yield Problem(reason="trace-time", message="the times of the trace go backwards")
    if not _ORDER.fullmatch(" ".join(str(event.get("event")) for event in events)):
        yield Problem(reason="trace-order", message="the events of the trace do not stand in their order")
