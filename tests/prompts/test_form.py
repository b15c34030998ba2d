"""The form without a terminal: what is asked next, what an answer takes back."""

from __future__ import annotations

from samples import NOW, START, answers, snapshot
from sotctl.admissions.approval import bound_formats
from sotctl.documents.policy import Policy
from sotctl.prompts.form import Form

FORMATS = bound_formats(Policy(), now=NOW)


def form(**given: object) -> Form:
    return Form(snapshot(START).templates.schema("provider-decision"), FORMATS, dict(given))


def asked(form: Form) -> str | None:
    question = form.next()
    return question.name if question else None


def test_the_first_question_preselects_not_decided() -> None:
    question = form().next()
    assert question is not None
    assert (question.name, question.default, question.options[0]) == ("decision_status", "not_decided", "not_decided")


def test_complete_answers_leave_no_question() -> None:
    assert asked(form(**answers(served_models=[]))) is None


def test_served_names_are_asked_where_the_provider_is_known_to_answer_with_others() -> None:
    unasked = {name: value for name, value in answers().items() if name != "served_models"}
    assert asked(form(**unasked)) == "served_models"
    question = form(**unasked).next()
    assert question is not None
    assert (question.kind, question.examples, question.required) == ("array", ("gpt-5.5-2026-04-23",), False)
    local = {"decision_status": "local_provider_required", "provider_class": "local_case_compatible"}
    pair = {"provider": "vllm", "model": "qwen3.6-35b-a3b", "fallback": []}
    assert asked(form(**{**unasked, **local, **pair})) is None


def test_known_values_follow_from_what_the_answers_leave_no_choice_in() -> None:
    question = form(decision_status="local_provider_required").next()
    assert question is not None
    assert (question.name, question.examples) == ("provider", ("vllm", "ollama", "llama-cpp"))


def test_an_answer_takes_back_what_it_makes_moot() -> None:
    filled = form(**answers())
    filled.put("decision_status", "not_decided")
    assert set(filled.answers) == {"decision_status", "review_trigger", "evidence_sources", "rationale"}
    assert filled.previous["model"] == "gpt-5.5"


def test_an_answer_takes_back_what_it_makes_wrong() -> None:
    filled = form(
        decision_status="external_provider_approved", provider_class="external_anthropic", model="claude-sonnet-4-6"
    )
    filled.put("decision_status", "local_provider_required")
    assert "provider_class" not in filled.answers
    assert asked(filled) == "provider"


def test_only_the_problem_of_the_field_is_told() -> None:
    empty = form(decision_status="external_provider_approved", provider_class="external_openai_codex")
    assert empty.problem("model", "gpt-5.5") is None
    assert empty.problem("model", "") == "is empty"
    assert "floating" in (empty.problem("model", "latest") or "")
    assert "approver" in (empty.problem("approval_source", "Bob chat approval on 2026-05-31") or "")


def test_values_that_follow_are_shown_beside_the_answers() -> None:
    titles = dict(form(decision_status="external_provider_approved", provider_class="external_anthropic").filled())
    assert titles["Provider"] == "anthropic"
