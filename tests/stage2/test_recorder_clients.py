"""A program that leaves, is slow, or sends too much: what it holds up, and what is bounded."""

from __future__ import annotations

import json
import resource
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from sotctl.evidence.requests import request_problems
from sotctl.stage2 import recorder
from sotctl.stage2.client import MAX_REQUEST_BYTES
from stage2.provider import Provider
from stage2.recording import (
    MODEL,
    STREAM_HEAD,
    Scripted,
    asked,
    asking,
    event,
    opened,
    post,
    raw,
    whole,
    with_recorder,
)


def test_a_program_that_leaves_ends_the_request_upstream() -> None:
    def script(client: socket.socket, request: bytes) -> None:
        client.sendall(STREAM_HEAD + event({"model": MODEL}))
        server.wait_until_left(client)

    server = Scripted(script)

    def use(base: str) -> bool:
        with opened(base, "POST", "/chat/completions", asking(stream=True)) as answer:
            answer.read1()
        return server.left.wait(5)

    left, (record,) = with_recorder(server.url, use)
    server.close()
    assert (left, record.outcome, record.served_models, record.is_answered) == (True, "client-left", (MODEL,), True)


def test_a_program_that_leaves_before_the_answer_ends_the_request_upstream() -> None:
    server = Scripted(lambda client, _: server.wait_until_left(client))

    def use(base: str) -> bool:
        parts, body = urlsplit(base), asking()
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as client:
            head = f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            client.sendall(head.encode() + body)
            time.sleep(0.2)
        return server.left.wait(5)

    left, (record,) = with_recorder(server.url, use)
    server.close()
    assert (left, record.outcome, record.is_answered) == (True, "client-left", False)


@pytest.mark.needs("test", "-e", "/proc/net/tcp")
def test_a_program_that_only_sends_no_more_still_gets_its_answer() -> None:
    def script(client: socket.socket, request: bytes) -> None:
        time.sleep(0.4)
        client.sendall(whole())

    server = Scripted(script)

    def use(base: str) -> bytes:
        parts, body = urlsplit(base), asking()
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as client:
            head = f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            client.sendall(head.encode() + body)
            client.shutdown(socket.SHUT_WR)
            return client.recv(1000)

    answer, (record,) = with_recorder(server.url, use)
    server.close()
    assert (answer[:15], record.outcome) == (b"HTTP/1.1 200 OK", "answered")


def test_a_program_that_asks_without_end_is_turned_away(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MAX_REQUESTS", 3)

    def use(base: str) -> list[int]:
        return [asked(base, "GET", "/models")[0] for _ in range(5)]

    statuses, records = with_recorder(provider.url, use)
    assert statuses == [200, 200, 429, 429, 429]
    assert [record.outcome for record in records] == ["models-listed", "models-listed", "too-many"]
    (problem,) = request_problems(records, agents=(), model=MODEL, hosts=("127.0.0.1",))
    assert (problem.reason, problem.message) == ("too-many-requests", "the program sent more than 2 requests")


def test_an_answer_that_says_its_length_twice_arrives_and_gives_no_session() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nSet-Cookie: s=1\r\nX-Kept: 1\r\n\r\n"
    server = Scripted(lambda client, _: client.sendall(head + event({"model": MODEL}) + b"0\r\n\r\n"))

    def use(base: str) -> tuple[bytes, dict[str, str]]:
        with opened(base, "POST", "/chat/completions", asking()) as answer:
            return answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    (body, headers), (record,) = with_recorder(server.url, use)
    server.close()
    assert (json.loads(body.removeprefix(b"data: ")), record.outcome) == ({"model": MODEL}, "answered")
    assert ("set-cookie" in headers, headers["x-kept"]) == (False, "1")


def test_a_program_that_does_not_read_holds_the_provider_up_and_no_memory() -> None:
    sent = []

    def script(client: socket.socket, request: bytes) -> None:
        client.sendall(STREAM_HEAD)
        while True:
            client.sendall(b"10000\r\n" + b"x" * 65535 + b"\n\r\n")
            sent.append(1 << 16)

    server = Scripted(script)

    def use(base: str) -> int:
        with opened(base, "POST", "/chat/completions", asking(stream=True)):
            time.sleep(0.7)
            before = sum(sent)
            time.sleep(0.3)
            return sum(sent) - before

    grown, (record,) = with_recorder(server.url, use)
    server.close()
    assert (grown, record.outcome) == (0, "client-left")
    assert sum(sent) < 32 << 20, "the buffers of the kernel, on four sockets"


def test_a_request_that_ends_before_its_body_is_recorded(provider: Provider) -> None:
    def use(base: str) -> None:
        parts = urlsplit(base)
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as client:
            client.sendall(
                f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{{".encode()
            )
        time.sleep(0.1)

    _, (record,) = with_recorder(provider.url, use)
    assert (record.outcome, provider.seen) == ("incomplete", [])


def test_a_body_that_is_too_large_is_refused_before_it_was_read(provider: Provider) -> None:
    def use(base: str) -> bytes:
        length = f"Host: x\r\nContent-Length: {100 << 20}\r\n\r\n".encode()
        return raw(base, urlsplit(base).path + "/chat/completions", length + b" " * (MAX_REQUEST_BYTES + 1))

    answer, (record,) = with_recorder(provider.url, use)
    assert (record.outcome, record.status, provider.seen) == ("too-large", 413, [])
    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.slow
def test_many_large_bodies_at_once_are_held_a_few_at_a_time() -> None:
    body = asking(text="x" * (20 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def script(client: socket.socket, _: bytes) -> None:
        left = len(body)
        while left > 0 and (chunk := client.recv(1 << 20)):
            left -= len(chunk)
        client.sendall(whole())

    server = Scripted(script, reads=False)

    def use(base: str) -> list[int]:
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(post(base, body)[0])) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses

    statuses, _ = with_recorder(server.url, use)
    server.close()
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert statuses == [200] * 12
    assert grown_mib < 400


@pytest.mark.slow
def test_two_hundred_streams_at_once_are_each_kept_once(provider: Provider) -> None:
    provider.pause_s = 0.2

    def use(base: str) -> list[int]:
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(post(base, asking(stream=True))[0])) for _ in range(200)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses

    statuses, records = with_recorder(provider.url, use)
    assert (statuses, [record.seq for record in records]) == ([200] * 200, list(range(1, 201)))
    assert {record.outcome for record in records} == {"answered"}
