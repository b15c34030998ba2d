"""The schema is the single source; our reading of it agrees with a full JSON Schema validator."""

from __future__ import annotations

import functools
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import NOW, REFERENCE, REFERENCE_PATH, snapshot
from sotctl import resources
from sotctl.admissions.approval import bound_formats
from sotctl.decisions.answers import answer_problems, complete, questions
from sotctl.decisions.planning import plan_decision
from sotctl.documents.formats import reference
from sotctl.documents.policy import Policy
from sotctl.documents.templates import Templates
from sotctl.errors import SotError

FORMATS = bound_formats(Policy(), now=NOW)
KINDS = [name.removesuffix(".schema.json") for name in resources.names() if name.endswith(".schema.json")]


@functools.cache
def standard(kind: str) -> jsonschema_rs.Draft202012Validator:
    """The same schema in a validator that implements the standard, with our formats."""
    formats = {name: (lambda text, test=test: test(text) is None) for name, test in FORMATS.items()}
    return jsonschema_rs.Draft202012Validator(
        json.loads(resources.read(f"{kind}.schema.json")),
        formats=formats,
        validate_formats=True,
        retriever=lambda uri: json.loads(resources.read(uri.rpartition("/")[2])),
        base_uri="json-schema:///",
    )


TEXTS = st.sampled_from(
    [
        "",
        "draft",
        "validated",
        "sot",
        "2026-05-31",
        "2026-13-45",
        "not-promoted",
        "not_decided",
        "local_provider_required",
        "external_provider_approved",
        "external_anthropic",
        "external_openai_codex",
        "local_case_compatible",
        "anthropic",
        "openai-codex",
        "gpt-5.5",
        "latest",
        "JP chat approval on 2026-05-31",
        "TBD",
        "CTO-WORK-020",
        "CTO-WORK-020-DR-001",
        "a-class",
        "admitted",
        "2026-05-31T12:00:00Z",
    ]
)
VALUES = (
    TEXTS | st.lists(TEXTS, max_size=2) | st.booleans() | st.integers(-1, 3) | st.dictionaries(TEXTS, TEXTS, max_size=2)
)


def names_of(kind: str) -> list[str]:
    return [*Templates().schema(kind).resolve({}).properties, "unknown"]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_our_verdict_is_that_of_a_standard_validator(kind: str, data: st.DataObject) -> None:
    value: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(names_of(kind)), VALUES, max_size=24))
    ours = [problem for problem in Templates().schema(kind).problems(value, FORMATS)]
    assert (not ours) == standard(kind).is_valid(value), ours


@given(data=st.data())
@pytest.mark.slow
def test_the_verdicts_agree_on_near_misses_of_a_real_record(data: st.DataObject) -> None:
    values = real_record()
    for name in data.draw(st.lists(st.sampled_from([*values, "unknown"]), max_size=3)):
        if data.draw(st.booleans()):
            values.pop(name, None)
        else:
            values[name] = data.draw(VALUES)
    ours = list(Templates().schema("provider-decision").problems(values, FORMATS))
    assert (not ours) == standard("provider-decision").is_valid(values), ours


def real_record() -> dict[str, Any]:
    answers = {
        "decision_status": "external_provider_approved",
        "provider_class": "external_openai_codex",
        "model": "gpt-5.5",
        "approval_source": "JP chat approval on 2026-05-31",
        "credential_source_class": "a-class",
        "allowed_network_class": "a-class",
        "review_trigger": "yearly",
        "evidence_sources": ["commit f39d8ab"],
    }
    books = snapshot({REFERENCE_PATH: REFERENCE})
    plan = plan_decision(books, "CTO-WORK-020", answers, now=NOW)
    from sotctl.documents.tree import OverlayTree

    record = snapshot(OverlayTree(books.tree, plan.files)).records()[0]
    return dict(record.values)


def test_a_keyword_that_is_not_understood_is_refused() -> None:
    templates = Templates({"x.schema.json": b'{"oneOf": [{"type": "string"}]}'})
    with pytest.raises(SotError, match="keyword `oneOf`"):
        templates.schema("x")


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"if": 3}', b'{"type": "null"}'])
def test_a_broken_template_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(SotError, match="x.schema.json"):
        Templates({"x.schema.json": data}).schema("x")


def test_classes_are_offered_that_fit_the_provider() -> None:
    schema = Templates().schema("provider-decision")

    def offered(provider_class: str) -> dict[str, tuple[str, ...]]:
        asked = questions(schema, {"provider_class": provider_class})
        return {question.name: question.examples for question in asked if question.name.endswith(("_class", "model"))}

    models = ("claude-sonnet-4-6", "claude-opus-4-6", "claude-haiku-4-5")
    assert offered("external_anthropic") == {
        "provider_class": (),
        "model": models,
        "credential_source_class": ("anthropic-api-key-env",),
        "allowed_network_class": ("anthropic-api",),
    }
    assert offered("local_case_compatible") == {
        "provider_class": (),
        "model": ("qwen3.6-35b-a3b",),
        "credential_source_class": ("local-vllm-config",),
        "allowed_network_class": ("loopback",),
    }


@pytest.mark.parametrize("text", ["commit deadbee", "deadbeef", "Commit: facadee", "sha256:abcdefab", "run 20260601"])
def test_a_commit_or_digest_needs_no_figure(text: str) -> None:
    assert reference(text) is None


def test_questions_follow_the_answers() -> None:
    schema = Templates().schema("provider-decision")

    def asked(**answers: str) -> list[str]:
        return [question.name for question in questions(schema, answers) if question.applies]

    assert asked(decision_status="not_decided") == [
        "decision_status",
        "review_trigger",
        "evidence_sources",
        "rationale",
    ]
    assert "provider" not in asked(decision_status="external_provider_approved", provider_class="external_anthropic")
    assert "provider" in asked(decision_status="local_provider_required")
    assert "provider_class" not in asked(decision_status="local_provider_required")


def test_what_has_one_possible_value_is_filled_in() -> None:
    schema = Templates().schema("provider-decision")
    completed = complete(
        schema, {"decision_status": "external_provider_approved", "provider_class": "external_anthropic"}
    )
    assert completed["provider"] == "anthropic"
    assert completed["effect"].startswith("CTO-WORK-020 remains blocked")


def test_without_a_decision_every_field_of_an_approval_is_named() -> None:
    problems = answer_problems(Templates().schema("provider-decision"), {}, FORMATS)
    assert [str(problem.path[0]) for problem in problems] == [
        "decision_status",
        "provider_class",
        "provider",
        "model",
        "approval_source",
        "credential_source_class",
        "allowed_network_class",
        "review_trigger",
        "evidence_sources",
    ]


@pytest.mark.parametrize(
    ("answers", "name", "words"),
    [
        ({"decision_status": "not_decided", "provider": "openai-codex"}, "provider", "stays empty while not decided"),
        ({"decision_status": "not_decided", "approval_source": "Core route X"}, "approval_source", "stays empty"),
        (
            {"decision_status": "external_provider_approved", "provider_class": "local_case_compatible"},
            "provider_class",
            "external",
        ),
        ({"provider_class": "external_anthropic", "provider": "openai-codex"}, "provider", "is `anthropic`"),
        ({"provider_class": "external_openai_codex", "provider": "anthropic"}, "provider", "is `openai-codex`"),
        ({"decision_status": "local_provider_required", "provider": "anthropic"}, "provider", "external provider"),
        ({"decision_status": "local_provider_required", "provider": "vllm"}, "model", "is missing"),
        ({"effect": "anything else"}, "effect", "must be exactly"),
        ({"evidence_sources": ["x" * 301]}, "evidence_sources", "do not paste"),
        ({"evidence_sources": ['{"status": "pass", "run": "r1"}']}, "evidence_sources", "holds JSON"),
        ({"evidence_sources": ["log of f39d8ab: [{'a': 1}]"]}, "evidence_sources", "holds JSON"),
        ({"evidence_sources": ["All went well and nothing failed"]}, "evidence_sources", "not a description"),
        ({"rationale": ["a"]}, "rationale", "must be text"),
        ({"fallback": [{"provider": "vllm", "model": "latest"}]}, "fallback", "`fallback` 1: `model` is a floating"),
        ({"fallback": [{"provider": "vllm"}]}, "fallback", "`fallback` 1: `model` is missing"),
        ({"modle": "gpt-5.5"}, "modle", "did you mean `model`?"),
        ({"title": "mine"}, "title", "can be given"),
        ({"fallback": ["no-slash"]}, "fallback", "provider/model"),
    ],
)
def test_fields_that_contradict_each_other_are_refused(answers: dict[str, Any], name: str, words: str) -> None:
    problems = {
        problem.path[0]: problem.message
        for problem in answer_problems(Templates().schema("provider-decision"), answers, FORMATS)
    }
    assert words in problems[name]


def test_a_decision_template_for_another_issue_is_two_files_and_no_code() -> None:
    schema = {
        "$id": "hosting-decision.schema.json",
        "title": "hosting decision",
        "x-decides": ["OPS-7"],
        "x-names": ["region"],
        "allOf": [{"$ref": "decision-record.schema.json"}],
        "unevaluatedProperties": False,
        "required": ["decision_status", "region", "effect"],
        "properties": {
            "decision_status": {"type": "string", "enum": ["open", "chosen"], "title": "Decision", "x-ask": True},
            "region": {"type": "string", "minLength": 1, "title": "Region", "x-ask": True},
            "evidence_sources": {"type": "array", "x-ask": True},
            "effect": {"type": "string", "const": "the region is fixed"},
        },
    }
    document = REFERENCE.partition(b"\n---\n")[0] + b"\n---\n\n## OPS-7 - Choose a region\n\nStatus: blocked.\n"
    files = {
        ".sot/02-ISSUES/ops.md": document,
        ".sot/templates/hosting-decision.schema.json": json.dumps(schema).encode(),
        ".sot/templates/hosting-decision.md": b"# ${headline}\n\n${summary}\n",
    }
    plan = plan_decision(snapshot(files), "OPS-7", {"decision_status": "chosen", "region": "eu-1"}, now=NOW)
    assert list(plan.files) == [".sot/01-DECISIONS/OPS-7-DR-001.md"]
    loaded = snapshot({**files, **plan.files}).load(".sot/01-DECISIONS/OPS-7-DR-001.md")
    assert loaded.findings == ()
    assert loaded.record is not None
    assert loaded.record.named == ("eu-1",)
    assert b"region: eu-1\n" in plan.files[".sot/01-DECISIONS/OPS-7-DR-001.md"]


def test_a_store_cannot_override_what_the_gate_relies_on() -> None:
    templates = Templates({"admission.schema.json": b"{}", "provider-decision.schema.json": b'{"x-decides": ["X-1"]}'})
    assert "required" in templates.schema("admission").root
    assert (templates.deciding("X-1"), templates.deciding("CTO-WORK-020")) == (None, "provider-decision")


@pytest.mark.parametrize(
    "source",
    [
        "Hermes f39d8ab",
        "Hermes commit `f39d8ab Require admitted Case model pair`",
        "harness-runs/20260531T235421Z-r1-string-slugify-1875638",
        "run 20260531T235421Z-r1",
        "CTO-WORK-019",
        "CTO-WORK-020-DR-001",
        "https://example.com/runs/7",
        "sha256:" + "ab" * 32,
        "ab" * 20,
        "report.json of the last run",
        "Hermes Implementation Evidence - 2026-05-31",
        "issue #12",
        "/srv/runs/a",
        "docs/[draft]/report.md",
        "[the report](docs/report.md)",
    ],
)
def test_a_reference_that_a_person_would_give_is_one(source: str) -> None:
    assert FORMATS["reference"](source) is None


SHIPPED = json.loads(resources.read("provider-decision.schema.json"))
WEAKER = {
    "decides as text": {"title": "a", "type": "object", "x-decides": "CTO-WORK-020"},
    "decides nested": {"x-decides": [["CTO-WORK-020"]]},
    "decides no ids": {"x-decides": ["cto"]},
    "decides what a shipped one does": {"x-decides": ["CTO-WORK-020"]},
    "derives elsewhere": {"x-decides": ["X-1"], "x-derives": {"kind": "admission", "path": "../{provider}"}},
    "refers to itself": {"allOf": [{"$ref": "aaa.schema.json"}]},
    "refers to nothing": {"allOf": [{"$ref": "none.schema.json"}]},
    "refers to a number": {"allOf": [{"$ref": 5}]},
    "allOf as text": {"allOf": "x"},
    "types": {"properties": {"a": {"type": ["string", "array"]}}},
    "required as text": {"required": "title"},
    "a property as text": {"properties": {"a": "string"}},
    "enum of mappings": {"properties": {"a": {"enum": [{}]}}},
    "a length as text": {"properties": {"a": {"minLength": "3"}}},
    "an unknown format": {"properties": {"a": {"format": "sha265"}}},
    "names as text": {"x-names": "model"},
    "a rule as a list": {"properties": {"a": {"x-rule": []}}},
}


@pytest.mark.parametrize("schema", WEAKER.values(), ids=WEAKER)
def test_a_template_that_cannot_be_used_is_named_and_passed_over(schema: dict[str, object]) -> None:
    templates = Templates({"aaa.schema.json": json.dumps(schema).encode()})
    assert templates.problems.get("aaa.schema.json")
    assert "aaa" not in templates.kinds()
    assert (templates.deciding("CTO-WORK-020"), templates.deciding("X-1")) == ("provider-decision", None)


@pytest.mark.parametrize("data", [b"", b"[]", b"[" * 100_000, b"\xff", b'{"allOf": ' + b"[" * 5000])
def test_a_template_that_is_no_json_is_named(data: bytes) -> None:
    templates = Templates({"provider-decision.schema.json": data})
    assert templates.problems.get("provider-decision.schema.json")
    assert templates.schema("provider-decision").root == SHIPPED


def test_templates_that_refer_to_each_other_are_not_used_and_a_shipped_one_stands_in() -> None:
    def refers(other: str) -> bytes:
        return json.dumps({"allOf": [{"$ref": f"{other}.schema.json"}]}).encode()

    templates = Templates({"a.schema.json": refers("b"), "b.schema.json": refers("a"), "c.schema.json": refers("b")})
    assert [name for name in "abc" if templates.problems.get(f"{name}.schema.json")] == ["a", "b", "c"]
    own = Templates({"decision-record.schema.json": refers("provider-decision")})
    assert own.problems.get("decision-record.schema.json")
    assert own.schema("provider-decision").annotation("x-body")


def test_a_template_that_refers_to_one_without_the_form_of_a_schema_is_named() -> None:
    files = {"a.schema.json": b'{"allOf": [{"$ref": "b.schema.json"}]}', "b.schema.json": b'{"allOf": "x"}'}
    assert Templates(files).problems == {
        "a.schema.json": "there is no template b.schema.json",
        "b.schema.json": "b.schema.json: `allOf` must be a list of mappings",
    }


def test_the_shipped_templates_would_do_as_templates_of_a_store() -> None:
    assert Templates({name: resources.read(name) for name in resources.names()}).problems == {}
