"""The recorder in front of a real provider: what passes, what is kept, and that streams are not held back."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from sotctl.stage2.recorder import Recorder
from stage2.provider import Provider, stream_of

MODEL = "qwen3.6-35b-a3b"


def with_recorder(
    provider: Provider | str, use: Callable[[str], Any], *, hosts: tuple[str, ...] = ("127.0.0.1",)
) -> Any:
    """Call *use* with the base URL of a recorder, in a thread; gives what it gave and the records."""
    upstream = provider if isinstance(provider, str) else provider.url
    records: list[dict[str, Any]] = []

    async def run() -> Any:
        recorder = Recorder(upstream=upstream, model=MODEL, hosts=hosts, agent=lambda: "verifier", keep=records.append)
        async with recorder:
            return await asyncio.to_thread(use, recorder.base_url)

    return asyncio.run(run()), records


@contextlib.contextmanager
def open_post(base: str, body: bytes, *, path: str, **headers: str) -> Iterator[http.client.HTTPResponse]:
    """Send a request and give the answer, still to be read."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("POST", parts.path + path, body, {"Content-Type": "application/json", **headers})
        with connection.getresponse() as answer:
            yield answer


def post(base: str, body: bytes, *, path: str = "/chat/completions", **headers: str) -> tuple[int, bytes]:
    """Send a request and read its answer: status and body."""
    with open_post(base, body, path=path, **headers) as answer:
        return answer.status, answer.read()


def asking(model: str, *, stream: bool = False) -> bytes:
    return json.dumps({"model": model, "stream": stream}).encode()


def test_a_whole_answer_passes_and_its_numbers_are_kept(provider: Provider) -> None:
    body = asking(MODEL)
    answer, (record,) = with_recorder(provider, lambda base: post(base, body)[1])
    assert json.loads(answer)["model"] == MODEL
    expected = {
        "seq": 1,
        "agent": "verifier",
        "method": "POST",
        "path": "/chat/completions",
        "host": "127.0.0.1",
        "requested_model": MODEL,
        "status": 200,
        "request_bytes": len(body),
        "response_bytes": len(answer),
        "served_models": [MODEL],
        "refused": None,
    }
    assert {name: record[name] for name in expected} == expected
    assert 0 < record["first_byte_ms"] <= record["duration_ms"]


def test_a_stream_passes_unchanged(provider: Provider) -> None:
    answer, (record,) = with_recorder(provider, lambda base: post(base, asking(MODEL, stream=True))[1])
    assert answer == b"".join(stream_of(MODEL))
    assert record["served_models"] == [MODEL]


def test_a_stream_is_not_held_back(provider: Provider) -> None:
    """The first event is there long before the last was sent."""
    provider.pause_s = 0.2

    def first_and_last(base: str) -> tuple[float, float]:
        with open_post(base, asking(MODEL, stream=True), path="/chat/completions") as answer:
            begun = time.monotonic()
            answer.read1()
            first = time.monotonic() - begun
            answer.read()
            return first, time.monotonic() - begun

    (first, last), _ = with_recorder(provider, first_and_last)
    assert first < 0.2 < last


def test_headers_and_bodies_are_never_kept(provider: Provider) -> None:
    _, records = with_recorder(
        provider,
        lambda base: post(base, asking(MODEL), path="/x?key=in-the-query", Authorization="Bearer in-a-header")[1],
    )
    assert "in-the-query" not in str(records)
    assert "in-a-header" not in str(records)
    assert (provider.seen[0].path, provider.seen[0].headers["Authorization"]) == (
        "/v1/x?key=in-the-query",
        "Bearer in-a-header",
    )


def test_a_compressed_answer_is_not_asked_for(provider: Provider) -> None:
    with_recorder(provider, lambda base: post(base, asking(MODEL), **{"Accept-Encoding": "gzip"})[1])
    assert {name.lower() for name in provider.seen[0].headers} & {"accept-encoding"} == set()


@pytest.mark.parametrize(
    "body", [asking("another-model"), asking(f"{MODEL} "), b"{}", b"[]", b"", b"not json", b'{"model": null}']
)
def test_a_request_that_does_not_ask_for_the_admitted_model_is_refused(provider: Provider, body: bytes) -> None:
    status, (record,) = with_recorder(provider, lambda base: post(base, body)[0])
    assert (status, record["status"], provider.seen) == (403, 403, [])
    assert record["refused"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "another-model", "model": "%s"}' % MODEL.encode(),
        b'{"model": "%s", "\\u006dodel": "another-model"}' % MODEL.encode(),
        b'{"model": "%s", "Model": "another-model"}' % MODEL.encode(),
        b'{"model": "%s", "models": ["%s", "another-model"]}' % (MODEL.encode(), MODEL.encode()),
        b'{"model": "%s", "options": {"a": 1, "a": 2}}' % MODEL.encode(),
    ],
)
def test_a_request_that_could_name_two_models_is_refused(provider: Provider, body: bytes) -> None:
    status, (record,) = with_recorder(provider, lambda base: post(base, body)[0])
    assert (status, record["requested_model"], provider.seen) == (403, None, [])
    assert record["refused"]


@pytest.mark.parametrize("query", ["model=another-model", "a=1&mod%65l=x", "a=1;models=x", "Model"])
def test_a_request_that_names_a_model_in_its_query_is_refused(provider: Provider, query: str) -> None:
    status, (record,) = with_recorder(provider, lambda base: post(base, asking(MODEL), path=f"/x?{query}")[0])
    assert (status, record["requested_model"], provider.seen) == (403, None, [])


def test_a_host_that_the_network_class_does_not_allow_is_not_reached(provider: Provider) -> None:
    status, (record,) = with_recorder(provider, lambda base: post(base, asking(MODEL))[0], hosts=("10.0.0.1",))
    assert (status, provider.seen) == (403, [])
    assert "not in the allowed network class" in record["refused"]


def test_one_connection_serves_many_requests(provider: Provider) -> None:
    def use(base: str) -> list[int]:
        parts = urlsplit(base)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        with contextlib.closing(connection):
            connection.connect()
            first, found = connection.sock, []
            for _ in range(3):
                connection.request("POST", f"{parts.path}/chat/completions", asking(MODEL))
                with connection.getresponse() as answer:
                    answer.read()
                    found.append(answer.status if connection.sock is first else 0)
            return found

    assert with_recorder(provider, use)[0] == [200, 200, 200]


def test_a_client_that_waits_to_be_asked_for_the_body_is_asked(provider: Provider) -> None:
    def use(base: str) -> tuple[bytes, bytes]:
        parts, body = urlsplit(base), asking(MODEL)
        head = f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as client:
            client.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            asked = client.recv(1000)
            client.sendall(body)
            return asked, client.recv(1000)

    asked, answer = with_recorder(provider, use)[0]
    assert (asked.split(b"\r\n")[0][:12], answer[:12]) == (b"HTTP/1.1 100", b"HTTP/1.1 200")


@pytest.mark.parametrize("path", ["/../elsewhere", "/a/../../b"])
def test_a_path_may_not_lead_upwards(provider: Provider, path: str) -> None:
    status, _ = with_recorder(provider, lambda base: post(base, asking(MODEL), path=path)[0])
    assert (status, provider.seen) == (404, [])


def test_without_the_prefix_nobody_is_served(provider: Provider) -> None:
    def use(base: str) -> int:
        return post(base.rpartition("/")[0], asking(MODEL))[0]

    assert with_recorder(provider, use)[0] == 404


def test_many_requests_at_once_are_each_kept_once(provider: Provider) -> None:
    def use(base: str) -> list[int]:
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(post(base, asking(MODEL, stream=True))[0]))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(0.2)
        return statuses

    statuses, records = with_recorder(provider, use)
    assert (statuses, [record["seq"] for record in records]) == ([200] * 20, list(range(1, 21)))


def test_a_provider_that_is_not_there_is_said(provider: Provider) -> None:
    url = provider.url
    provider.close()

    status, (record,) = with_recorder(url, lambda base: post(base, asking(MODEL))[0])
    assert (status, record["refused"]) == (502, "127.0.0.1 cannot be reached (ConnectionRefusedError)")
