"""Every rule ends, and ends in findings, whatever refers to whatever in a store: itself, in a circle, to nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from samples import ADMISSION_PATH, EIGHT, RECORD_PATH, REFERENCE, REFERENCE_PATH, START, decided, snapshot
from sotctl.checks.change import ChangeSet
from sotctl.checks.run import check_store
from sotctl.documents.edits import header

LONGEST_S = 2.0
RECORDS = [f"CTO-WORK-020-DR-00{number}" for number in range(1, 5)]
ISSUES = [f"AB-{number}" for number in range(1, 5)]
KINDS = ["aa", "bb", "provider-decision", "decision-record", "evidence-record", "issues"]
DECIDED = decided(START).files


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """Fail where the body is still at work after *seconds*."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"still at work after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@st.composite
def record(draw: st.DrawFn) -> bytes:
    fields: dict[str, object] = {**EIGHT, "status": draw(st.sampled_from(["draft", "validated", "superseded"]))}
    for name in ("record_id", "supersedes"):
        if value := draw(st.sampled_from([*RECORDS, ""])):
            fields[name] = value
    if draw(st.booleans()):
        fields["issue"] = draw(st.sampled_from(["CTO-WORK-020", "AB-1"]))
    if draw(st.booleans()):
        fields |= {"provider": "openai-codex", "model": draw(st.sampled_from(["gpt-5.5", "gpt-5.6"]))}
    return f"{header(fields)}\n# x\n".encode()


@st.composite
def issues(draw: st.DrawFn) -> bytes:
    parts = [header(EIGHT)]
    for name in draw(st.permutations(ISSUES)):
        status = draw(st.sampled_from(["blocked", "draft", "validated"]))
        waits = draw(st.lists(st.sampled_from([*ISSUES, "CTO-WORK-020", "ZZ-9"]), max_size=3))
        parts.append(f"\n## {name} - x\n\nStatus: {status}.\n")
        parts += ["\nBlocked by:\n\n", *(f"- {other}\n" for other in waits)] if waits else []
    return "".join(parts).encode()


@st.composite
def template(draw: st.DrawFn) -> bytes:
    refers = draw(st.lists(st.sampled_from([*KINDS, "none"]), max_size=2))
    decides = draw(st.sampled_from(["", ', "x-decides": ["CTO-WORK-020"]', ', "x-decides": ["AB-1"]']))
    references = ", ".join(f'{{"$ref": "{kind}.schema.json"}}' for kind in refers)
    return f'{{"title": "x", "type": "object"{decides}, "allOf": [{references}]}}'.encode()


@st.composite
def store(draw: st.DrawFn) -> dict[str, bytes]:
    files = {REFERENCE_PATH: REFERENCE} if draw(st.booleans()) else {}
    for name in draw(st.lists(st.sampled_from(RECORDS), unique=True)):
        files[f".sot/01-DECISIONS/{name}.md"] = draw(record())
    if draw(st.booleans()):
        files[".sot/02-ISSUES/circle.md"] = draw(issues())
    if draw(st.booleans()):
        files |= {name: DECIDED[name] for name in (ADMISSION_PATH, RECORD_PATH)}
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=2, unique=True)):
        files[f".sot/templates/{kind}.schema.json"] = draw(template())
    return files


@settings(
    max_examples=75,
    phases=[Phase.generate],  # making an example that hangs smaller takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(before=st.none() | store(), after=store(), other=st.none() | store())
@pytest.mark.slow
def test_every_rule_ends(
    before: dict[str, bytes] | None, after: dict[str, bytes], other: dict[str, bytes] | None
) -> None:
    old = before or {}
    changed = frozenset(path for path in {*old, *after} if old.get(path) != after.get(path))
    change = ChangeSet(
        before=None if before is None else snapshot(before),
        after=snapshot(after),
        changed=changed,
        bases=None if other is None else (snapshot(other),),
    )
    with ends_within(LONGEST_S):
        check_store(change)


@pytest.mark.parametrize("names", [["001"], ["001", "002"], ["001", "002", "003"]], ids=len)
def test_new_decisions_that_supersede_each_other_in_a_circle(names: list[str]) -> None:
    files = dict(START)
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        fields = {**EIGHT, "record_id": f"CTO-WORK-020-DR-{name}", "issue": "CTO-WORK-020"}
        fields["supersedes"] = f"CTO-WORK-020-DR-{other}"
        files[f".sot/01-DECISIONS/CTO-WORK-020-DR-{name}.md"] = f"{header(fields)}\n# x\n".encode()
    with ends_within(LONGEST_S):
        found = check_store(
            ChangeSet(before=snapshot(START), after=snapshot(files), changed=frozenset(files) - {*START})
        )
    circles = [finding.message for finding in found if "in a circle" in finding.message]
    assert len(circles) == len(names)
