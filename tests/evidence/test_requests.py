"""What the requests of a run show, from the records alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sotctl.documents.formats import exact_name
from sotctl.evidence.files import LineError, Problem
from sotctl.evidence.requests import (
    Outcome,
    RecordedRequest,
    other_names,
    parse_recorded,
    request_problems,
    supersede_command,
)
from sotctl.evidence.values import to_json

GOOD = RecordedRequest(
    seq=1,
    started_at="2026-11-26T12:00:00.000+00:00",
    agent="implementer",
    connection=1,
    method="POST",
    path="/codex/responses",
    host="chatgpt.com",
    requested_model="gpt-5.5",
    generates=True,
    outcome=Outcome.ANSWERED,
    detail="",
    status=200,
    served_models=("gpt-5.5",),
    request_bytes=100,
    response_bytes=100,
    first_byte_ms=1.0,
    duration_ms=2.0,
)


def found(*changes: dict[str, Any], agents: tuple[str, ...] = ("implementer",), **terms: Any) -> list[Problem]:
    """The problems of a run with these requests, each the good one with changes."""
    requests = [replace(GOOD, seq=number, **change) for number, change in enumerate(changes, 1)]
    return list(request_problems(requests, agents=agents, model="gpt-5.5", hosts=("chatgpt.com",), **terms))


def failed(outcome: Outcome, detail: str = "why") -> dict[str, Any]:
    return {"outcome": outcome, "detail": detail, "status": 502, "served_models": (), "response_bytes": 0}


def refused(outcome: Outcome, model: str | None, detail: str) -> dict[str, Any]:
    return {**failed(outcome, detail), "status": 403, "requested_model": model}


def test_requests_that_were_answered_by_the_admitted_model_are_no_problem() -> None:
    assert found({}, {}) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            refused(Outcome.OTHER_MODEL, "other", "`engine` of the body names `other`"),
            Problem(
                reason="other-model-requested",
                message="implementer asked for other: `engine` of the body names `other`",
                status="not_admitted",
            ),
        ),
        (
            refused(Outcome.AMBIGUOUS, None, "the body is not UTF-8"),
            Problem(
                reason="request-ambiguous",
                message="a request of implementer could be read in two ways: the body is not UTF-8",
                status="not_admitted",
            ),
        ),
        (
            {"host": "elsewhere.example"},
            Problem(
                reason="host-not-allowed",
                message="a request was for elsewhere.example, which the network class does not allow",
                status="not_admitted",
            ),
        ),
        (
            {"served_models": ("gpt-5.5", "gpt-5.5-2026-04-23")},
            Problem(
                reason="other-model-served",
                message="the server answered implementer as gpt-5.5-2026-04-23",
                status="not_admitted",
            ),
        ),
        (
            {"served_models": ("(unreadable)",)},
            Problem(
                reason="answer-unreadable",
                message="which model answered implementer cannot be read from the answer",
                status="not_admitted",
            ),
        ),
    ],
)
def test_a_breach_fails_the_run_however_it_goes_on(change: dict[str, Any], problem: Problem) -> None:
    assert found({}, change, {}) == [problem]
    assert found({}, change, change, {}) == [replace(problem, count=2)]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 500, 503])
def test_a_refusal_of_the_provider_is_named_with_its_status(status: int) -> None:
    verb = "refused" if 400 <= status < 500 else "answered"
    message = f"chatgpt.com {verb} a request of implementer with status {status}"
    assert found({"status": status, "served_models": ()}) == [Problem(reason="provider-refused", message=message)]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.UPSTREAM_UNREACHABLE,
        Outcome.UPSTREAM_TLS,
        Outcome.UPSTREAM_RESET,
        Outcome.UPSTREAM_NOT_HTTP,
        Outcome.ANSWER_CUT_OFF,
        Outcome.CREDENTIAL_UNUSABLE,
    ],
)
def test_a_failure_is_named_unless_the_agent_asked_again_and_was_answered(outcome: Outcome) -> None:
    problem = Problem(reason=str(outcome), message="a request of implementer was not answered: why")
    assert found(failed(outcome)) == [problem]
    assert found({}, failed(outcome)) == [problem]
    assert found(failed(outcome), failed(outcome)) == [replace(problem, count=2)]
    assert found(failed(outcome), {}) == []
    assert found({}, failed(outcome), {"agent": "verifier"}) == [problem]


@pytest.mark.parametrize(
    "outcome",
    [Outcome.MODELS_LISTED, Outcome.UNKNOWN_PATH, Outcome.UPGRADE_REFUSED, Outcome.ENCODING_REFUSED, Outcome.TOO_LARGE],
)
def test_what_the_recorder_answered_itself_is_no_breach_and_no_model_request(outcome: Outcome) -> None:
    assert found({}, {"outcome": outcome, "status": 404}) == []
    message = "the recorder saw no request for a model at all"
    assert found({"outcome": outcome, "status": 404}) == [Problem(reason="no-model-request", message=message)]


def test_an_agent_that_left_before_the_last_byte_has_its_answer() -> None:
    assert found({"outcome": Outcome.CLIENT_LEFT}) == []
    assert [problem.reason for problem in found({"outcome": Outcome.CLIENT_LEFT, "response_bytes": 0})] == [
        "agent-without-request"
    ]


def test_counting_tokens_is_no_answer() -> None:
    assert [problem.reason for problem in found({"generates": False})] == ["agent-without-request"]


def test_every_agent_needs_an_answered_request() -> None:
    message = "the recorder saw no answered request of verifier"
    agents = ("implementer", "verifier", "closer")
    assert found({}, agents=agents) == [Problem(reason="agent-without-request", message=message, count=2)]
    assert found(agents=agents) == [
        Problem(reason="no-model-request", message="the recorder saw no request for a model at all")
    ]


def test_names_that_the_decision_lists_may_answer() -> None:
    change = {"served_models": ("gpt-5.5-2026-04-23",)}
    assert found(change, served_models=("gpt-5.5-2026-04-23",)) == []
    assert [problem.reason for problem in found(change, served_models=("gpt-5.5-2026-04-24",))] == [
        "other-model-served"
    ]
    assert other_names([replace(GOOD, **change), replace(GOOD, served_models=("(unreadable)",))], model="gpt-5.5") == [
        "gpt-5.5-2026-04-23"
    ]


def test_the_command_that_would_allow_a_name_can_be_copied() -> None:
    assert supersede_command("CTO-WORK-020", ["gpt-5.5-2026-04-23", "a'b"]) == (
        "sotctl decide CTO-WORK-020 --set served_models=gpt-5.5-2026-04-23 --set 'served_models=a'\"'\"'b'"
    )
    assert exact_name("gpt-5.5-2026-04-23") is None


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 2},
        {"seq": "1"},
        {"outcome": "passed"},
        {"outcome": 1},
        {"served_models": "gpt-5.5"},
        {"served_models": [1]},
        {"requested_model": 5},
        {"generates": 1},
        {"status": True},
        {"extra": 1},
    ],
)
def test_a_line_that_the_recorder_does_not_write_is_refused(change: dict[str, Any]) -> None:
    line = json.dumps(to_json(GOOD)).encode() + b"\n"
    assert parse_recorded(line) == (GOOD,)
    with pytest.raises(LineError):
        parse_recorded(json.dumps(to_json(GOOD) | change).encode() + b"\n")
