"""What a run has come to so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sotctl.evidence.files import Problem
from sotctl.evidence.judge import NOT_RUN, FixtureResult, Use
from sotctl.stage2.order import Block, Order
from sotctl.stage2.process import Exit
from sotctl.stage2.scan import Scan, withheld
from sotctl.stage2.trace import Trace


@dataclass(slots=True)
class State:
    """What a run has come to so far; the report is made from it, however far it came."""

    order: Order
    trace: Trace
    block: Block | None = None
    tests: dict[str, FixtureResult] = field(default_factory=lambda: {"real": NOT_RUN, "fake": NOT_RUN})
    exit: Exit | None = None
    use: Use | None = None
    scan: Scan | None = None
    environment: dict[str, str] = field(default_factory=dict)
    argv: Sequence[str] = ()
    problems: list[Problem] = field(default_factory=list)
    agent: str = ""
    models_sha256: str = ""
    requests: int = 0

    def step(self, event: str, **values: Any) -> None:
        """Write an event to the trace and show it."""
        values = withheld(values, self.order.exact)
        self.trace.add(event, **values)
        self.order.progress(event, values)
