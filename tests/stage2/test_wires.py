"""The four protocols: what goes upstream, what is read from the answer, and what authorises it."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from sotctl.evidence.requests import RecordedRequest
from sotctl.stage2.credential import Token
from sotctl.stage2.wires import wires
from stage2.recording import STREAM_HEAD, Scripted, asked, asking, event, post, whole, with_recorder

CASES = {
    "chat-completions": ("openai", "gpt-5.5", "/chat/completions", "/v1/chat/completions", "authorization: Bearer key"),
    "responses": ("openai", "gpt-5.5", "/responses", "/v1/responses", "authorization: Bearer key"),
    "responses of Codex": (
        "openai-codex",
        "gpt-5.5",
        "/codex/responses",
        "/v1/codex/responses",
        "authorization: Bearer key",
    ),
    "messages": ("anthropic", "claude-sonnet-4-6", "/v1/messages", "/v1/messages", "x-api-key: key"),
    "messages below v1": ("anthropic", "claude-sonnet-4-6", "/messages", "/v1/messages", "x-api-key: key"),
    "generate-content": (
        "google",
        "gemini-3-pro",
        "/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse&key=k",
        "/v1/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse",
        "x-goog-api-key: key",
    ),
    "generate-content below v1beta": (
        "google",
        "gemini-3-pro",
        "/models/gemini-3-pro:generateContent",
        "/v1/v1beta/models/gemini-3-pro:generateContent",
        "x-goog-api-key: key",
    ),
}
EVENTS: dict[str, Any] = {
    "chat-completions": lambda model: [{"model": model, "choices": []}],
    "responses": lambda model: [
        {"type": "response.created", "response": {"model": model}},
        {"type": "response.output_text.delta", "delta": "x"},
        {"type": "response.completed", "response": {"model": model}},
    ],
    "messages": lambda model: [
        {"type": "message_start", "message": {"model": model}},
        {"type": "content_block_delta", "delta": {"text": "x"}},
    ],
    "generate-content": lambda model: [{"candidates": [], "modelVersion": model}],
}


def run(
    wire: str, provider: str, model: str, path: str, body: bytes, events: list[Any], extra: bytes = b""
) -> tuple[int, RecordedRequest, list[bytes]]:
    head = STREAM_HEAD.replace(b"\r\n\r\n", b"\r\n" + extra + b"\r\n")

    def script(client: socket.socket, request: bytes) -> None:
        client.sendall(head + b"".join(map(event, events)) + b"0\r\n\r\n")

    server = Scripted(script)
    (status, _), (record,) = with_recorder(
        server.url,
        lambda base: post(base, body, path, **{"x-api-key": "of-the-program", "x-goog-api-key": "of-the-program"}),
        wire=wire,
        pair=(provider, model),
        credential="env:THE_KEY",
        environment={"THE_KEY": "key"},
    )
    server.close()
    return status, record, server.requests


def body_of(wire: str, model: str) -> bytes:
    return b'{"contents": []}' if wire == "generate-content" else asking(model)


@pytest.mark.parametrize("case", CASES)
def test_a_request_reaches_its_path_with_the_credential_and_its_answer_names_the_model(case: str) -> None:
    provider, model, path, target, authorisation = CASES[case]
    wire = case.split(" ")[0]
    status, record, (request,) = run(wire, provider, model, path, body_of(wire, model), EVENTS[wire](model))
    head = request.partition(b"\r\n\r\n")[0].decode()
    assert (status, head.split(" ")[1], record.served_models) == (200, target, (model,))
    assert authorisation in head
    assert "of-the-program" not in head
    assert record.is_answered


@pytest.mark.parametrize("wire", EVENTS)
def test_another_model_in_a_late_chunk_is_seen(wire: str) -> None:
    provider, model, path, _, _ = CASES[wire]
    events = [*EVENTS[wire](model), *EVENTS[wire]("another")]
    _, record, _ = run(wire, provider, model, path, body_of(wire, model), events)
    assert record.served_models == tuple(sorted(("another", model)))


@pytest.mark.parametrize("wire", ["responses", "chat-completions"])
def test_another_model_in_a_header_of_the_answer_is_seen(wire: str) -> None:
    provider, model, path, _, _ = CASES[wire]
    _, record, _ = run(wire, provider, model, path, asking(model), EVENTS[wire](model), b"OpenAI-Model: another\r\n")
    assert record.served_models == ("another", model)


@pytest.mark.parametrize(
    "path",
    [
        "/v1beta/models/another:generateContent",
        "/models/another:streamGenerateContent?alt=sse",
        "/v1beta/tunedModels/another:generateContent",
        "/models/gemini-3-pro:generateContent/../another",
        "/models/gemini-3-pro%2F..:generateContent",
    ],
)
def test_another_model_in_the_path_of_generate_content_is_refused(path: str) -> None:
    status, record, requests = run("generate-content", "google", "gemini-3-pro", path, b'{"contents": []}', [])
    assert (status in (403, 404), record.is_answered, requests) == (True, False, [])


@pytest.mark.parametrize(
    "body", [b'{"model": "models/another"}', b'{"modelSelectionConfig": {"x": "another"}}', b"[]", b""]
)
def test_another_model_in_the_body_of_generate_content_is_refused(body: bytes) -> None:
    path = "/models/gemini-3-pro:generateContent"
    status, record, requests = run("generate-content", "google", "gemini-3-pro", path, body, [])
    assert (status, record.outcome, requests) == (403, "other-model", [])


@pytest.mark.parametrize(
    ("wire", "path", "body"),
    [
        ("messages", "/v1/messages/count_tokens", asking("claude-sonnet-4-6")),
        (
            "generate-content",
            "/models/gemini-3-pro:countTokens",
            b'{"generateContentRequest": {"model": "models/gemini-3-pro"}}',
        ),
        ("responses", "/responses/input_tokens", asking("gpt-5.5")),
    ],
)
def test_counting_tokens_passes_and_is_no_answer_of_the_model(wire: str, path: str, body: bytes) -> None:
    provider, model = CASES[wire][:2]
    status, record, requests = run(wire, provider, model, path, body, [{"input_tokens": 5}])
    assert (status, len(requests), record.generates, record.is_answered) == (200, 1, False, False)


@pytest.mark.parametrize(
    ("base", "wire", "path", "target"),
    [
        ("/v1", "messages", "/v1/messages", "/v1/messages"),
        ("", "messages", "/messages", "/v1/messages"),
        ("/backend-api/codex/", "responses", "/responses", "/backend-api/codex/responses"),
        ("/backend-api", "responses", "/codex/responses", "/backend-api/codex/responses"),
        ("/v1beta", "generate-content", "/models/gpt-5.5:generateContent", "/v1beta/models/gpt-5.5:generateContent"),
        ("/chat", "chat-completions", "/chat/completions", "/chat/chat/completions"),
    ],
)
def test_a_base_url_may_end_in_the_first_part_of_the_path(base: str, wire: str, path: str, target: str) -> None:
    server = Scripted(lambda client, _: client.sendall(whole()))
    url = server.url.removesuffix("/v1") + base
    with_recorder(
        url, lambda own: post(own, body_of(wire, "gpt-5.5"), path), wire=wire, pair=("openai-codex", "gpt-5.5")
    )
    server.close()
    assert server.requests[0].split(b" ")[1].decode() == target


def test_a_login_to_anthropic_is_a_bearer_token() -> None:
    assert wires()["messages"].authorisation(Token(value="t", is_oauth=True)) == [
        (b"authorization", b"Bearer t"),
        (b"anthropic-beta", b"oauth-2025-04-20"),
    ]


@pytest.mark.parametrize("wire", EVENTS)
def test_models_are_listed_in_the_shape_of_the_wire(wire: str) -> None:
    provider, model = CASES[wire][:2]
    (status, body), _ = with_recorder(
        "http://127.0.0.1:1/v1", lambda base: asked(base, "GET", "/models"), wire=wire, pair=(provider, model)
    )
    listed = json.loads(body)
    names = [one.get("id") or one["name"].removeprefix("models/") for one in listed.get("data") or listed["models"]]
    assert (status, names) == (200, [model])


def test_the_public_addresses_are_known() -> None:
    known = wires()
    assert known["responses"].public_address("openai-codex") == "https://chatgpt.com/backend-api"
    assert known["messages"].public_address("anthropic") == "https://api.anthropic.com"
    assert known["generate-content"].public_address("google") == "https://generativelanguage.googleapis.com"
    assert known["chat-completions"].public_address("openai") == "https://api.openai.com/v1"
    assert {wire.public_address("vllm") for wire in known.values()} == {""}
