"""The state of a run while it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sotctl.evidence.files import Problem
from sotctl.evidence.report import NOT_RUN, Ended, FixtureResult
from sotctl.evidence.requests import RecordedRequest
from sotctl.stage2.agents import Setting
from sotctl.stage2.preflight import Preflight
from sotctl.stage2.request import RunRequest
from sotctl.stage2.scan import withheld
from sotctl.stage2.trace import Trace


@dataclass(slots=True)
class State:
    """Everything that is known of a run so far; the report is made from it, however the run ends.

    `digests` are those of the files that sotctl wrote while the program ran, by path.
    """

    request: RunRequest
    trace: Trace
    preflight: Preflight
    setting: Setting
    tests: dict[str, FixtureResult] = field(default_factory=lambda: {"real": NOT_RUN, "fake": NOT_RUN})
    argv: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    ended: Ended | None = None
    records: tuple[RecordedRequest, ...] = ()
    digests: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    agent: str = ""

    def step(self, event: str, **values: Any) -> None:
        """Write an event to the trace and show it."""
        values = withheld(values, self.request.exact)
        self.trace.add(event, **values)
        self.request.progress(event, values)

    def found(self, reason: str, message: str) -> None:
        """Record a problem that only the run itself can see."""
        self.problems.append(Problem(reason=reason, message=message))
