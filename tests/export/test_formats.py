"""What each program's file becomes, and what of it stays byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
import yaml

from samples import START, decided, snapshot
from sotctl.export.admitted import Admitted, admitted
from sotctl.export.catalogue import formats
from sotctl.export.target import Drift, TargetError, Written

CODEX = admitted(snapshot({**START, **decided(START).files}))[0]
CLAUDE = replace(CODEX, provider="anthropic", model="claude-opus-5-5", record="CTO-WORK-020-DR-002")
LOCAL = replace(CODEX, provider="vllm", model="qwen3.6-35b-a3b")
UNKNOWN = replace(CODEX, provider="in-repository", model="m-1")


def write(name: str, pairs: list[Admitted], existing: str | None = None) -> Written:
    data = existing.encode() if existing is not None else None
    written = formats()[name].write(pairs, data, revision="0" * 40)
    again = formats()[name].write(pairs, written.data, revision="0" * 40)
    assert again.data == written.data
    return written


def text(name: str, pairs: list[Admitted], existing: str | None = None) -> str:
    return write(name, pairs, existing).data.decode()


def test_the_formats_are_those_of_the_configuration() -> None:
    schema = snapshot(START).templates.schema("sot").root
    assert sorted(formats()) == sorted(schema["properties"]["exports"]["properties"])


def test_claude_code_runs_the_admitted_model_and_no_other() -> None:
    assert json.loads(text("claude-code", [CLAUDE])) == {
        "availableModels": ["claude-opus-5-5"],
        "availableModelsMatch": "exact",
        "enforceAvailableModels": True,
        "modelOverrides": {},
        "model": "claude-opus-5-5",
    }


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (CODEX, "openai-codex/gpt-5.5: Claude Code runs models of anthropic only"),
        (
            replace(CLAUDE, model="opus"),
            "anthropic/opus: Claude Code takes `opus` for a family or a prefix, which would allow other models too",
        ),
    ],
)
def test_claude_code_is_closed_by_a_pair_that_it_cannot_express(pair: Admitted, reason: str) -> None:
    written = write("claude-code", [pair])
    settings = json.loads(written.data)
    assert written.unexpressed == (reason,)
    assert settings["availableModels"] == []
    assert settings["deniedModels"] == ["fable", "haiku", "opus", "sonnet"]


def test_claude_code_opens_again_and_keeps_what_its_owner_denies() -> None:
    closed = text("claude-code", [])
    assert json.loads(text("claude-code", [CLAUDE], closed))["deniedModels"] == []
    owned = '{"deniedModels": ["claude-opus-5-1"]}\n'
    assert json.loads(text("claude-code", [CLAUDE], owned))["deniedModels"] == ["claude-opus-5-1"]


def test_opencode_loads_the_admitted_provider_and_model_alone() -> None:
    assert json.loads(text("opencode", [CODEX])) == {
        "enabled_providers": ["openai-codex"],
        "experimental": {
            "policies": [
                {"effect": "deny", "action": "provider.use", "resource": "*"},
                {"effect": "allow", "action": "provider.use", "resource": "openai-codex"},
            ]
        },
        "provider": {"openai-codex": {"whitelist": ["gpt-5.5"]}},
        "model": "openai-codex/gpt-5.5",
        "small_model": "openai-codex/gpt-5.5",
    }


def test_what_is_not_governed_keeps_its_bytes() -> None:
    before = """\
// the team's settings
{
\t"$schema": "https://opencode.ai/config.json",
\t"theme":   "nord", // "model": "a/b"
\t"provider": {
\t\t"openai-codex": {
\t\t\t"npm": "@ai-sdk/openai-compatible", /* ours */
\t\t\t"models": {"gpt-5.5": {"name": "GPT, 5.5",},},
\t\t},
\t},
}
"""
    after = text("opencode", [CODEX], before)
    lines = after.splitlines()
    kept = [line for line in before.splitlines() if line.strip() not in ("}", "},")]
    assert [line for line in lines if line in kept] == kept
    assert '\t\t\t"whitelist": [\n\t\t\t\t"gpt-5.5"\n\t\t\t],' in after


def test_line_ends_and_a_missing_last_newline_stay() -> None:
    assert text("claude-code", [CLAUDE], '{\r\n  "theme": "dark"\r\n}') == (
        '{\r\n  "theme": "dark",\r\n  "availableModels": [\r\n    "claude-opus-5-5"\r\n  ],\r\n'
        '  "availableModelsMatch": "exact",\r\n  "enforceAvailableModels": true,\r\n  "modelOverrides": {},\r\n'
        '  "model": "claude-opus-5-5"\r\n}'
    )


def test_litellm_keeps_what_else_stands_in_an_entry_and_takes_out_what_is_not_admitted() -> None:
    before = """\
# the gateway
model_list:
  # the hosted one
  - model_name: gpt-5.5
    litellm_params:
      model: chatgpt/gpt-5.5   # by OAuth
      rpm: 60
  - model_name: "*"
    litellm_params: {model: "openai/*"}
  # the local one
  - model_name: qwen3.6-35b-a3b
    litellm_params:
      model: openai/gpt-4
litellm_settings:
  drop_params: true
"""
    written = write("litellm", [CODEX, LOCAL, UNKNOWN], before)
    assert (
        written.data.decode()
        == """\
# the gateway
model_list:
  # the hosted one
  - model_name: gpt-5.5
    litellm_params:
      model: chatgpt/gpt-5.5   # by OAuth
      rpm: 60
  # the local one
  - model_name: "qwen3.6-35b-a3b"
    litellm_params:
      model: "hosted_vllm/qwen3.6-35b-a3b"
litellm_settings:
  drop_params: true
"""
    )
    foreign = "`model_list` serves what no admission in force names"
    assert written.drifts == (
        Drift(line=8, message=foreign, pairs=("openai/*",)),
        Drift(line=11, message=foreign, pairs=("openai/gpt-4",)),
        Drift(line=2, message="`model_list` lacks vllm/qwen3.6-35b-a3b"),
    )
    assert written.unexpressed == (
        "in-repository/m-1: LiteLLM has no route that is exactly the provider in-repository",
    )


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ("", ["gpt-5.5"]),
        ("# nothing yet\n", ["gpt-5.5"]),
        ("model_list: []\n", ["gpt-5.5"]),
        ("model_list:\nlitellm_settings: {}\n", ["gpt-5.5"]),
        ("litellm_settings: {}", ["gpt-5.5"]),
        ("model_list:\n- model_name: a\n  litellm_params: {model: b/a}\n", ["gpt-5.5"]),
        ("model_list:\n- model_name: gpt-5.5\n  litellm_params:\n    model: chatgpt/gpt-5.5", ["gpt-5.5"]),
    ],
)
def test_litellm_serves_the_admitted_model_from_any_beginning(before: str, names: list[str]) -> None:
    opened = yaml.safe_load(text("litellm", [CODEX], before))
    assert [entry["model_name"] for entry in opened["model_list"]] == names
    assert yaml.safe_load(text("litellm", [], text("litellm", [CODEX], before)))["model_list"] == []


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("include:\n- more.yaml\n", 5),
        ("general_settings:\n  store_model_in_db: true\n", 6),
        ("general_settings:\n  pass_through_endpoints:\n  - path: /x\n", 6),
        ("router_settings:\n  model_group_alias: {x: gpt-5.5}\n", 6),
        ("router_settings:\n  router_general_settings: {pass_through_all_models: true}\n", 6),
    ],
)
def test_litellm_names_what_would_serve_other_models_besides(entry: str, line: int) -> None:
    drifts = write("litellm", [CODEX], text("litellm", [CODEX]) + entry).drifts
    assert [(drift.line, drift.pairs) for drift in drifts] == [(line, ("*",))]


@pytest.mark.parametrize("more", ["custom_llm_provider: openai", "extra_body: {model: gpt-4}"])
def test_litellm_does_not_take_a_redirected_entry_for_the_admitted_one(more: str) -> None:
    before = f"model_list:\n- model_name: gpt-5.5\n  litellm_params:\n    model: chatgpt/gpt-5.5\n    {more}\n"
    assert more not in text("litellm", [CODEX], before)


@pytest.mark.parametrize(
    ("name", "pairs", "existing", "drift"),
    [
        ("claude-code", [CLAUDE], '"availableModels": ["claude-opus-5-5", "sonnet"]', ("anthropic/sonnet",)),
        (
            "claude-code",
            [CLAUDE],
            '"modelOverrides": {"claude-opus-5-5": "claude-opus-4"}',
            ("anthropic/claude-opus-4",),
        ),
        ("claude-code", [CLAUDE], '"enforceAvailableModels": 1', ()),
        ("opencode", [CODEX], '"enabled_providers": ["openai-codex", "openai"]', ("openai/*",)),
        ("opencode", [CODEX], '"model": "openai/gpt-4"', ("openai/gpt-4",)),
        (
            "opencode",
            [CODEX],
            '"provider": {"openai-codex": {"whitelist": ["gpt-5.5", "gpt-4"]}}',
            ("openai-codex/gpt-4",),
        ),
        (
            "opencode",
            [CODEX],
            '"provider": {"openai-codex": {"whitelist": ["gpt-5.5"], "models": {"gpt-5.5": {"id": "gpt-4"}}}}',
            ("openai-codex/gpt-4",),
        ),
    ],
)
def test_a_file_that_allows_more_is_named_with_the_pair(
    name: str, pairs: list[Admitted], existing: str, drift: tuple[str, ...]
) -> None:
    right = json.loads(text(name, pairs))
    widened = json.dumps({**right, **json.loads(f"{{{existing}}}")}, indent=1)
    assert [found.pairs for found in write(name, pairs, widened).drifts] == [drift]
    assert write(name, pairs, write(name, pairs, widened).data.decode()).drifts == ()


@pytest.mark.parametrize(
    ("name", "existing", "line", "message"),
    [
        ("opencode", "", 1, "it is not a JSON object"),
        ("opencode", "[]", 1, "it is not a JSON object"),
        ("opencode", '{\n "a": }', 2, "it is not JSON: Expecting value"),
        ("opencode", '{\n "a": 1\n "b": 2}', 3, "it is not JSON: `,` is expected"),
        ("opencode", '{"a": 1}\nx', 2, "text follows the end of the object"),
        ("opencode", '{"model": 1,\n"model": 2}', 2, "`model` stands twice, in lines 1 and 2"),
        ("opencode", '{"provider": []}', 1, "`provider` is not an object"),
        ("claude-code", '{"a": NaN}', 1, "`NaN` is not JSON"),
        ("claude-code", '{"a":' * 2000, 1, "it is nested deeper than 100 levels"),
        ("litellm", "a: [", 1, "it is not YAML: expected the node content, but found '<stream end>'"),
        ("litellm", "- a\n", 1, "it is not a YAML mapping in block style"),
        ("litellm", "model_list: [{model_name: a}]", 1, "`model_list` is not a list in block style"),
        ("litellm", "model_list: some\n", 1, "`model_list` is not a list"),
        (
            "litellm",
            "model_list: &a\n- model_name: x\nb: *a\n",
            1,
            "it uses an alias, and so cannot be edited in place",
        ),
        ("litellm", "model_list:\n- a: 1\nmodel_list:\n- b: 1\n", 1, "`model_list` stands twice"),
        ("opa", "no bundle", 1, "it is not an OPA bundle: a gzipped tarball is expected"),
    ],
)
def test_a_target_that_is_something_else_is_a_sentence(name: str, existing: str, line: int, message: str) -> None:
    with pytest.raises(TargetError) as error:
        formats()[name].write([CODEX], existing.encode(), revision="")
    assert (error.value.line, error.value.message) == (line, message)


def test_a_target_that_is_not_utf_8_is_a_sentence() -> None:
    for name in ("opencode", "litellm", "claude-code"):
        with pytest.raises(TargetError, match="it is not UTF-8"):
            formats()[name].write([CODEX], b"a: b\n\xff", revision="")


def test_what_the_gate_refuses_is_not_exported() -> None:
    files = {**START, **decided(START, review_trigger="2026-07-01").files}
    lapsed = date(2026, 7, 2)
    assert [one.pair for one in admitted(snapshot(files))] == ["openai-codex/gpt-5.5"]
    later = snapshot(files).now.replace(month=lapsed.month, day=lapsed.day)
    assert admitted(snapshot(files, now=later)) == []
    path = next(path for path in files if path.endswith(".json"))
    for old, new in ((b'"admitted"', b'"revoked"'), (b"gpt-5.5", b"gpt-5.6"), (b"{", b"[")):
        assert admitted(snapshot({**files, path: files[path].replace(old, new, 1)})) == []
