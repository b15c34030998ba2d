"""By which ways a request could name another model: each is refused, recorded whole, and reaches nobody."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotctl.evidence.requests import Outcome
from sotctl.stage2.naming import NotPassed, check_body, parse_body, selects_model
from stage2.provider import Provider
from stage2.recording import MODEL, asking, post, raw, with_recorder

OTHER = "another-model"
TOOL = {
    "type": "function",
    "function": {"name": "spawn", "parameters": {"type": "object", "properties": {"model": {}}}},
}


@pytest.mark.parametrize(
    ("body", "model", "detail"),
    [
        (asking(OTHER), OTHER, "`model` of the body names `another-model`"),
        (asking(f"{MODEL} "), f"{MODEL} ", f"`model` of the body names `{MODEL} `"),
        (asking(MODEL.upper()), MODEL.upper(), f"`model` of the body names `{MODEL.upper()}`"),
        (b"{}", None, "the body names no model"),
        (b"[]", None, "the body is not a JSON object, so that it names no model"),
        (b"", None, "the body is not JSON, so that it names no model"),
        (b"not json", None, "the body is not JSON, so that it names no model"),
        (b'{"model": null}', None, "`model` of the body names a model besides"),
        (b'{"model": ["%s"]}' % MODEL.encode(), MODEL, f"`model` of the body names `{MODEL}`"),
        (asking(fallbacks=[OTHER]), OTHER, "`fallbacks` of the body names `another-model`"),
        (asking(fallback={"chain": [{"id": OTHER}]}), OTHER, "`fallback` of the body names `another-model`"),
        (asking(models=[MODEL, OTHER]), MODEL, f"`models` of the body names `{MODEL}`"),
        (asking(engine=OTHER), OTHER, "`engine` of the body names `another-model`"),
        (asking(deployment_id=OTHER), OTHER, "`deployment_id` of the body names `another-model`"),
        (asking(deploymentId=OTHER), OTHER, "`deploymentId` of the body names `another-model`"),
        (asking(Model=OTHER), OTHER, "`Model` of the body names `another-model`"),
        (asking(MODEL_NAME=OTHER), OTHER, "`MODEL_NAME` of the body names `another-model`"),
        (asking(extra_body={"model": OTHER}), OTHER, "`model` of the body names `another-model`"),
        (asking(options={"draft_model": OTHER}), OTHER, "`draft_model` of the body names `another-model`"),
        (asking(route="fallback"), "fallback", "`route` of the body names `fallback`"),
        (asking(provider={"order": ["elsewhere"]}), "elsewhere", "`provider` of the body names `elsewhere`"),
        (asking(preset="p"), "p", "`preset` of the body names `p`"),
        (asking(adapter_id="a"), "a", "`adapter_id` of the body names `a`"),
        (asking(api_base="http://x"), "http://x", "`api_base` of the body names `http://x`"),
        (
            asking(tools=[{"type": "image_generation", "model": OTHER}]),
            OTHER,
            "`model` of the body names `another-model`",
        ),
    ],
)
def test_another_model_in_the_body_is_refused(provider: Provider, body: bytes, model: str | None, detail: str) -> None:
    (status, _), (record,) = with_recorder(provider.url, lambda base: post(base, body))
    assert (status, record.status, provider.seen) == (403, 403, [])
    assert (record.outcome, record.requested_model, record.detail) == (Outcome.OTHER_MODEL, model, detail)


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "another-model", "model": "%s"}' % MODEL.encode(),
        b'{"model": "%s", "\\u006dodel": "another-model"}' % MODEL.encode(),
        b'{"model": "%s", "options": {"a": 1, "a": 2}}' % MODEL.encode(),
        b"\xef\xbb\xbf" + asking(),
        asking().decode().encode("utf-16"),
        asking().decode().encode("utf-16-le"),
        asking().decode().encode("utf-32"),
        b'{"model": "%s", "a": "\xff"}' % MODEL.encode(),
        b'{"model": "%s", "a": %s}' % (MODEL.encode(), b"[" * 100_000),
    ],
    ids=["twice", "escaped", "nested twice", "mark", "utf-16", "utf-16-le", "utf-32", "no utf-8", "deep"],
)
def test_a_body_that_could_be_read_in_two_ways_is_refused(provider: Provider, body: bytes) -> None:
    (status, _), (record,) = with_recorder(provider.url, lambda base: post(base, body))
    assert (status, record.outcome, record.requested_model, provider.seen) == (403, Outcome.AMBIGUOUS, None, [])


@pytest.mark.parametrize(
    "query", [f"model={OTHER}", f"a=1&mod%65l={OTHER}", f"a=1;models={OTHER}", "Model", f"deployment={OTHER}"]
)
def test_another_model_in_the_query_is_refused(provider: Provider, query: str) -> None:
    (status, _), (record,) = with_recorder(
        provider.url, lambda base: post(base, asking(), f"/chat/completions?{query}")
    )
    assert (status, record.outcome, provider.seen) == (403, Outcome.OTHER_MODEL, [])
    assert record.path == "/chat/completions"


@pytest.mark.parametrize(
    "header", ["X-Model", "model", "X-Deployment-Name", "Engine", "X-Fallback-Models", "X-Portkey-Provider"]
)
def test_another_model_in_a_header_is_refused(provider: Provider, header: str) -> None:
    (status, _), (record,) = with_recorder(provider.url, lambda base: post(base, asking(), **{header: OTHER}))
    assert (status, record.outcome, record.requested_model, provider.seen) == (403, "other-model", OTHER, [])


def test_headers_and_queries_that_the_wire_does_not_know_reach_nobody(provider: Provider) -> None:
    headers = {"X-Unknown": "u", "OpenAI-Beta": "b", "Content-Type": "text/plain; charset=utf-16"}
    target = "/chat/completions?api-version=1&other=2"
    (status, _), _ = with_recorder(provider.url, lambda base: post(base, asking(), target, **headers))
    seen = provider.seen[0]
    assert (status, seen.path) == (200, "/v1/chat/completions?api-version=1")
    assert set(seen.headers) == {
        "host",
        "openai-beta",
        "content-type",
        "accept-encoding",
        "connection",
        "content-length",
    }
    assert seen.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        (f"/deployments/{OTHER}/chat/completions", "other-model"),
        (f"/engines/{OTHER}/completions", "other-model"),
        (f"/v1beta/models/{OTHER}:generateContent", "other-model"),
        ("/%2e%2e/%2e%2e/another-api/chat", "ambiguous"),
        ("/chat%2Fcompletions", "ambiguous"),
        ("/../elsewhere", "ambiguous"),
        ("/a/../../b", "ambiguous"),
        ("/./chat/completions", "ambiguous"),
        ("//chat/completions", "ambiguous"),
        ("/chat/completions;model=x", "ambiguous"),
        ("/chat\\completions", "ambiguous"),
        (f"/chat/completions#?model={OTHER}", "ambiguous"),
        (f"/chat/completions?a=1#model={OTHER}", "ambiguous"),
        ("/chat/completions/", "unknown-path"),
        ("/another-api/chat", "unknown-path"),
    ],
)
def test_another_place_in_the_path_is_not_reached(provider: Provider, path: str, outcome: str) -> None:
    body = asking()
    rest = f"Host: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    answer, (record,) = with_recorder(provider.url, lambda base: raw(base, urlsplit(base).path + path, rest))
    assert (record.outcome, record.path, provider.seen) == (outcome, path.partition("?")[0], [])
    assert answer.startswith(b"HTTP/1.1 404" if outcome == "unknown-path" else b"HTTP/1.1 403")


def test_what_stands_behind_a_mark_is_recorded_too(provider: Provider) -> None:
    rest = b"Host: x\r\nContent-Length: 2\r\n\r\n{}"
    target = f"/chat/completions#?model={OTHER}"
    _, (record,) = with_recorder(provider.url, lambda base: raw(base, urlsplit(base).path + target, rest))
    assert record.detail == f"some readers would look for a query behind the # of the target: `#?model={OTHER}`"


@pytest.mark.parametrize("form", ["http://elsewhere.example{}/chat/completions", "{}", "x{}/chat/completions"])
def test_a_target_that_is_no_path_is_refused_and_recorded_whole(provider: Provider, form: str) -> None:
    body = asking()
    rest = f"Host: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    answer, (record,) = with_recorder(provider.url, lambda base: raw(base, form.format(urlsplit(base).path), rest))
    assert (record.outcome, record.path, provider.seen) == ("ambiguous", form.format(""), [])
    assert answer.startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: {size}\r\nTransfer-Encoding: chunked",
        "Content-Length: {size}\r\nContent-Length: 5",
        "Content-Length: {size}, 5",
        "Transfer-Encoding: gzip, chunked",
        "Content-Length: +{size}",
        "X : y\r\nContent-Length: {size}",
        "Host: y\r\nContent-Length: {size}",
    ],
)
def test_a_request_that_is_framed_in_two_ways_is_refused_and_recorded(provider: Provider, head: str) -> None:
    body = asking()
    lines = f"Host: x\r\n{head.format(size=len(body))}\r\n\r\n".encode()
    chunked = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n" if "chunked" in head else body
    answer, (record,) = with_recorder(
        provider.url, lambda base: raw(base, urlsplit(base).path + "/chat/completions", lines + chunked)
    )
    assert (record.outcome, record.status in (400, 403), provider.seen) == ("ambiguous", True, [])
    assert answer[:10] == b"HTTP/1.1 4"


def test_a_stranger_that_does_not_speak_http_is_not_recorded(provider: Provider) -> None:
    _, records = with_recorder(provider.url, lambda base: raw(base, "/", b"Host: x\r\nHost: y\r\n\r\n"))
    assert records == ()


def test_another_model_at_an_unknown_path_is_a_breach(provider: Provider) -> None:
    (status, _), (record,) = with_recorder(provider.url, lambda base: post(base, asking(OTHER), "/elsewhere"))
    assert (status, record.outcome, record.requested_model) == (403, "other-model", OTHER)


@pytest.mark.parametrize(
    "values",
    [
        {"messages": [{"role": "user", "content": "x", "model": OTHER}]},
        {"tools": [TOOL]},
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {"properties": {"engine": {}}}}}},
        {"stream_options": {"include_usage": True}, "prompt_cache_key": "k", "reasoning_effort": "high"},
        {"chat_template_kwargs": {"enable_thinking": True}, "max_completion_tokens": 5, "modalities": ["text"]},
        {"metadata": {"model": MODEL}},
    ],
)
def test_what_a_program_sends_besides_is_passed_on_as_it_is(provider: Provider, values: dict[str, object]) -> None:
    (status, _), _ = with_recorder(provider.url, lambda base: post(base, asking(**values)))
    assert (status, provider.seen[0].body) == (200, {"model": MODEL, **values})


KEYS = st.sampled_from(["model", "models", "engine", "deployment", "fallbacks", "model_id", "modelName", "base_model"])
CASES = st.sampled_from([str.upper, str.title, str.swapcase, lambda key: f" {key} ", lambda key: key.replace("_", "-")])


@given(KEYS, CASES, st.integers(0, 3))
def test_no_spelling_and_no_depth_hides_a_selector(key: str, respell: object, depth: int) -> None:
    spelt = respell(key)  # type: ignore[operator]
    value: object = {spelt: OTHER}
    for _ in range(depth):
        value = {"options": [value]}
    body = (
        json.dumps({"model": MODEL, **value}).encode()
        if spelt != "model" and isinstance(value, dict)
        else asking(OTHER)
    )
    with pytest.raises(NotPassed) as refused:
        check_body(parse_body(body), MODEL, in_path=None)
    assert refused.value.outcome is Outcome.OTHER_MODEL


@pytest.mark.parametrize(
    "name",
    [
        "accept",
        "user-agent",
        "x-stainless-runtime",
        "openai-beta",
        "originator",
        "session_id",
        "anthropic-version",
        "x-goog-api-client",
        "chatgpt-account-id",
        "traceparent",
        "stream",
        "temperature",
        "top_p",
        "store",
        "include",
        "parallel_tool_calls",
        "thinking",
        "truncation",
        "prompt_cache_retention",
        "service_tier",
        "context_management",
    ],
)
def test_what_real_programs_send_selects_no_model(name: str) -> None:
    assert not selects_model(name)
