"""The recorder between a program and a provider: what passes, what is kept, and what is bounded."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sotctl.evidence.requests import Outcome, parse_recorded, request_problems
from sotctl.evidence.values import to_json
from sotctl.stage2.credential_sources import parse_credential
from sotctl.stage2.recorder import Recorder, requests_bytes
from sotctl.stage2.rundir import write_new
from sotctl.stage2.wires import wires
from stage2.provider import Provider, stream_of
from stage2.recording import (
    MODEL,
    PAIR,
    asked,
    asking,
    opened,
    post,
    with_recorder,
)


def test_a_whole_answer_passes_and_its_numbers_are_kept(provider: Provider) -> None:
    body = asking()
    (_, answer), (record,) = with_recorder(provider.url, lambda base: post(base, body))
    assert json.loads(answer)["model"] == MODEL
    expected = {
        "seq": 1,
        "agent": "verifier",
        "connection": 1,
        "method": "POST",
        "path": "/chat/completions",
        "host": "127.0.0.1",
        "requested_model": MODEL,
        "generates": True,
        "outcome": "answered",
        "detail": "",
        "status": 200,
        "served_models": [MODEL],
        "request_bytes": len(body),
        "response_bytes": len(answer),
    }
    found = to_json(record)
    times = {name: found.pop(name) for name in ("started_at", "first_byte_ms", "duration_ms")}
    assert found == expected
    assert 0 < times["first_byte_ms"] <= times["duration_ms"]


def test_a_stream_passes_unchanged(provider: Provider) -> None:
    (_, answer), (record,) = with_recorder(provider.url, lambda base: post(base, asking(stream=True)))
    assert answer == b"".join(stream_of(MODEL))
    assert record.served_models == (MODEL,)


def test_a_stream_is_not_held_back(provider: Provider) -> None:
    """The first event is there long before the last was sent."""
    provider.pause_s = 0.1

    def first_and_last(base: str) -> tuple[float, float]:
        with opened(base, "POST", "/chat/completions", asking(stream=True)) as answer:
            begun = time.monotonic()
            answer.read1()
            first = time.monotonic() - begun
            answer.read()
            return first, time.monotonic() - begun

    (first, last), _ = with_recorder(provider.url, first_and_last)
    assert first < 0.1 < last


def test_what_the_program_sends_to_authorise_itself_is_dropped_and_replaced(provider: Provider) -> None:
    headers = {"Authorization": "Bearer of-the-program", "X-Api-Key": "of-the-program", "Cookie": "a=of-the-program"}
    environment = {"THE_KEY": "held-by-the-recorder"}
    _, records = with_recorder(
        provider.url,
        lambda base: post(base, asking(), "/chat/completions?key=of-the-program", **headers),
        credential="env:THE_KEY",
        environment=environment,
    )
    seen = provider.seen[0]
    assert (seen.path, seen.headers["authorization"]) == ("/v1/chat/completions", "Bearer held-by-the-recorder")
    assert "of-the-program" not in str(seen)
    assert "of-the-program" not in str(records)
    assert "held-by-the-recorder" not in str(records)


def test_a_compressed_answer_is_not_asked_for(provider: Provider) -> None:
    with_recorder(provider.url, lambda base: post(base, asking(), **{"Accept-Encoding": "gzip"}))
    assert provider.seen[0].headers["accept-encoding"] == "identity"


def test_one_connection_serves_many_requests(provider: Provider) -> None:
    import http.client

    def use(base: str) -> list[int]:
        parts = urlsplit(base)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        with contextlib.closing(connection):
            connection.connect()
            first, found = connection.sock, []
            for _ in range(3):
                connection.request("POST", f"{parts.path}/chat/completions", asking())
                with connection.getresponse() as answer:
                    answer.read()
                    found.append(answer.status if connection.sock is first else 0)
            return found

    statuses, records = with_recorder(provider.url, use)
    assert (statuses, [record.connection for record in records]) == ([200] * 3, [1, 1, 1])


def test_a_client_that_waits_to_be_asked_for_the_body_is_asked(provider: Provider) -> None:
    def use(base: str) -> tuple[bytes, bytes]:
        parts, body = urlsplit(base), asking()
        head = f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as client:
            client.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            first = client.recv(1000)
            client.sendall(body)
            return first, client.recv(1000)

    first, answer = with_recorder(provider.url, use)[0]
    assert (first[:12], answer[:12]) == (b"HTTP/1.1 100", b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "outcome"),
    [
        ("GET", "/models", {}, None, 200, Outcome.MODELS_LISTED),
        ("GET", "/v1/models?client_version=0.171.0", {}, None, 200, Outcome.MODELS_LISTED),
        ("GET", "/chat/completions", {"Upgrade": "websocket", "Connection": "Upgrade"}, None, 426, "upgrade-refused"),
        ("GET", "/elsewhere", {}, None, 404, Outcome.UNKNOWN_PATH),
        ("POST", "/telemetry", {}, b'{"event": "start"}', 404, Outcome.UNKNOWN_PATH),
        ("POST", "/telemetry", {}, b"no json at all", 404, Outcome.UNKNOWN_PATH),
        ("POST", "/embeddings", {}, asking(), 404, Outcome.UNKNOWN_PATH),
        ("POST", "/chat/completions", {"Content-Encoding": "zstd"}, b"\x28\xb5\x2f\xfd", 415, Outcome.ENCODING_REFUSED),
    ],
)
def test_what_is_no_model_request_is_answered_here_and_is_no_breach(
    provider: Provider,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None,
    status: int,
    outcome: str,
) -> None:
    (found, _), (record,) = with_recorder(provider.url, lambda base: asked(base, method, path, body, headers))
    assert (found, record.status, record.outcome, provider.seen) == (status, status, outcome, [])


def test_models_are_listed_with_the_admitted_one_alone(provider: Provider) -> None:
    (_, body), _ = with_recorder(provider.url, lambda base: asked(base, "GET", "/models"))
    assert [model["id"] for model in json.loads(body)["data"]] == [MODEL]


def test_without_the_prefix_nobody_is_served_and_nothing_is_recorded(provider: Provider) -> None:
    def use(base: str) -> int:
        return post(base.rpartition("/")[0], asking())[0]

    assert with_recorder(provider.url, use) == (404, ())


@pytest.mark.parametrize("hosts", [(), ("10.0.0.1",), ("127.0.0.1:1",), ("localhost",), ("127.0.0.11", "[::1]")])
def test_a_host_that_the_network_class_does_not_allow_is_not_reached(
    provider: Provider, hosts: tuple[str, ...]
) -> None:
    (status, _), (record,) = with_recorder(provider.url, lambda base: post(base, asking()), hosts=hosts)
    assert (status, record.outcome, record.host, record.detail, provider.seen) == (
        403,
        "host-not-allowed",
        "127.0.0.1",
        "127.0.0.1 is not in the allowed network class",
        [],
    )


def test_a_network_class_may_name_the_port(provider: Provider) -> None:
    entry = f"127.0.0.1:{urlsplit(provider.url).port}"
    _, (record,) = with_recorder(provider.url, lambda base: post(base, asking()), hosts=(entry,))
    assert (record.outcome, record.host) == ("answered", entry)
    assert list(request_problems([record], agents=("verifier",), model=MODEL, hosts=(entry,))) == []


def test_a_request_is_that_of_the_agent_at_work(provider: Provider) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    at_work = ["implementer", "verifier"]

    async def run() -> list[str]:
        listening = Recorder(
            upstream=provider.url,
            wire=wires()["chat-completions"],
            provider=PAIR[0],
            model=MODEL,
            hosts=("127.0.0.1",),
            credential=parse_credential("none", provider=PAIR[0], environment={}, home=Path("/nonexistent")),
            agent=lambda: at_work[0],
        )
        base = f"http://127.0.0.1:{listener.getsockname()[1]}{listening.base_path}"
        async with listening.serve(listener):
            for _ in range(2):
                assert (await asyncio.to_thread(post, base, asking()))[0] == 200
                at_work.reverse()
        return [record.agent for record in listening.records]

    assert asyncio.run(run()) == ["implementer", "verifier"]


def test_records_are_values_that_nobody_can_change(provider: Provider) -> None:
    _, (record,) = with_recorder(provider.url, lambda base: post(base, asking()))
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.status = 500  # type: ignore[misc]


def test_what_is_written_reads_back_and_holds_no_secret(provider: Provider, tmp_path: Path) -> None:
    _, records = with_recorder(
        provider.url,
        lambda base: (post(base, asking()), post(base, asking("held-by-the-recorder")), asked(base, "GET", "/models")),
    )
    place = tmp_path / "requests.jsonl"
    write_new(tmp_path, place.name, requests_bytes(records, [b"held-by-the-recorder"]))
    assert "held-by-the-recorder" not in place.read_text()
    read = parse_recorded(place.read_bytes())
    assert (read[0], read[2], read[1].outcome) == (records[0], records[2], "other-model")
    assert place.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "fifo", "folder"])
def test_nothing_that_lies_there_already_is_written_to(tmp_path: Path, kind: str) -> None:
    place, elsewhere = tmp_path / "requests.jsonl", tmp_path / "elsewhere"
    if kind == "file":
        place.write_bytes(b"forged")
    elif kind == "link":
        elsewhere.write_bytes(b"")
        place.symlink_to(elsewhere)
    elif kind == "dangling link":
        place.symlink_to(elsewhere)
    elif kind == "fifo":
        os.mkfifo(place)
    else:
        place.mkdir()
    with pytest.raises(FileExistsError):
        write_new(tmp_path, place.name, b"")
    assert not elsewhere.exists() or elsewhere.read_bytes() == b""
