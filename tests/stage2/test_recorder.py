"""The recorder between a program and a provider: what passes, what is kept, and what is bounded."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import resource
import socket
import ssl
import struct
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from sotctl.evidence.requests import Outcome, parse_recorded, request_problems
from sotctl.stage2 import recorder
from sotctl.stage2.client import MAX_REQUEST_BYTES
from sotctl.stage2.credential import parse_credential
from sotctl.stage2.recorder import Recorder, write_requests
from sotctl.stage2.wires import wires
from stage2.provider import Provider, stream_of
from stage2.recording import (
    MODEL,
    PAIR,
    STREAM_HEAD,
    Scripted,
    asked,
    asking,
    event,
    opened,
    post,
    raw,
    read_request,
    whole,
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
    found = record.to_json()
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


# --- what the recorder answers itself ---------------------------------------------------------------------------------


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


# --- a provider that does not answer ----------------------------------------------------------------------------------


def refused_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def test_a_provider_that_is_not_there_is_said() -> None:
    (status, _), (record,) = with_recorder(refused_address(), lambda base: post(base, asking()))
    expected = (502, "upstream-unreachable", "127.0.0.1 cannot be reached (ConnectionRefusedError)")
    assert (status, record.outcome, record.detail) == expected


def reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


ENDINGS = {
    "closes before it answers": (lambda client, _: None, "upstream-reset", 502),
    "resets before it answers": (lambda client, _: reset(client), "upstream-reset", 502),
    "answers in something else": (
        lambda client, _: client.sendall(b"220 mail.example ESMTP\r\n"),
        "upstream-not-http",
        502,
    ),
    "ends in the middle of a head": (
        lambda client, _: client.sendall(b"HTTP/1.1 200 OK\r\nConte"),
        "upstream-not-http",
        502,
    ),
    "ends in the middle of a body": (lambda client, _: client.sendall(whole()[:-5]), "answer-cut-off", 200),
    "ends in the middle of a stream": (
        lambda client, _: client.sendall(STREAM_HEAD + event({"model": MODEL})),
        "answer-cut-off",
        200,
    ),
    "resets in the middle of a stream": (
        lambda client, _: (client.sendall(STREAM_HEAD + event({"model": MODEL})), time.sleep(0.1), reset(client)),
        "answer-cut-off",
        200,
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_answer_that_does_not_end_is_recorded_as_such_and_shows_to_the_program(ending: str) -> None:
    script, outcome, status = ENDINGS[ending]
    server = Scripted(script)

    def use(base: str) -> int:
        with contextlib.suppress(ConnectionError, __import__("http.client").client.IncompleteRead):
            return post(base, asking())[0]
        return 0

    found, (record,) = with_recorder(server.url, use)
    server.close()
    assert (record.outcome, record.status, len(server.requests)) == (outcome, status, 1)
    assert found == (502 if status == 502 else 0), "an answer that was cut off may not look whole"
    assert not record.is_answered


@pytest.mark.parametrize(
    ("trusted", "outcome", "detail"),
    [
        (True, "answered", ""),
        (False, "upstream-tls", "the certificate of 127.0.0.1 is not trusted (unable to get local issuer certificate)"),
    ],
)
def test_a_certificate_must_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool, outcome: str, detail: str
) -> None:
    authority, other = trustme.CA(), trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    (authority if trusted else other).cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    provider = Provider(tls=context)
    (status, _), (record,) = with_recorder(provider.url, lambda base: post(base, asking()))
    provider.close()
    assert (status, record.outcome, record.detail) == (200 if trusted else 502, outcome, detail)


def test_a_provider_that_does_not_speak_tls_is_said() -> None:
    server = Scripted(lambda client, _: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), reads=False)
    url = server.url.replace("http:", "https:")
    (status, _), (record,) = with_recorder(url, lambda base: post(base, asking()))
    server.close()
    assert (status, record.outcome) == (502, "upstream-tls")
    assert record.detail.startswith("the TLS handshake with 127.0.0.1 failed (")


def test_an_answer_in_another_encoding_passes_and_cannot_be_read(provider: Provider) -> None:
    provider.encoding = "gzip"
    (status, _), (record,) = with_recorder(provider.url, lambda base: post(base, asking()))
    assert (status, record.outcome, record.served_models) == (200, "answered", ("(unreadable)",))


def test_a_request_is_never_sent_twice() -> None:
    """The provider ends every second connection after it has read the whole request."""
    count = iter(range(100))

    def script(client: socket.socket, request: bytes) -> None:
        if next(count) % 2 == 0:
            client.sendall(whole())
            read_request(client)

    server = Scripted(script)

    def use(base: str) -> list[int]:
        return [post(base, asking(n=n))[0] for n in range(6)]

    statuses, records = with_recorder(server.url, use)
    numbers = [json.loads(request.partition(b"\r\n\r\n")[2])["n"] for request in server.requests]
    server.close()
    assert (statuses, numbers) == ([200, 502] * 3, [0, 1, 2, 3, 4, 5])
    assert [record.outcome for record in records] == ["answered", "upstream-reset"] * 3


@pytest.mark.parametrize("pause_s", [0.0, 0.05])
def test_a_late_or_doubled_answer_is_never_taken_for_the_next(pause_s: float) -> None:
    def script(client: socket.socket, request: bytes) -> None:
        answer = whole().replace(b'"ok"', b'"%s"' % json.loads(request.partition(b"\r\n\r\n")[2])["say"].encode())
        client.sendall(answer)
        time.sleep(pause_s)
        client.sendall(answer)

    server = Scripted(script)

    def use(base: str) -> list[str]:
        found = []
        for word in ("a1", "b2", "c3"):
            body = post(base, asking(say=word).replace(b" ", b""))[1]
            found.append(json.loads(body)["choices"][0]["message"]["content"])
            time.sleep(0.06)
        return found

    server_said, _ = with_recorder(server.url, use)
    server.close()
    assert server_said == ["a1", "b2", "c3"]


# --- a program that leaves, is slow, or sends too much ----------------------------------------------------------------


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


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="known on Linux alone")
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
def test_many_large_bodies_at_once_are_held_a_few_at_a_time(provider: Provider) -> None:
    body = asking(text="x" * (20 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def use(base: str) -> list[int]:
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(post(base, body)[0])) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses

    provider.is_forgetful = True
    statuses, _ = with_recorder(provider.url, use)
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert statuses == [200] * 12
    assert grown_mib < 500, "the provider of this test, in the same process, holds up to two of them as well"


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


# --- where it listens, and what it writes -----------------------------------------------------------------------------


def test_it_listens_on_a_unix_socket_and_tells_agents_apart_by_their_path(provider: Provider, tmp_path: Path) -> None:
    place = str(tmp_path / "s")

    async def run() -> tuple[int, list[str], bytes]:
        listening = Recorder(
            upstream=provider.url,
            wire=wires()["chat-completions"],
            provider=PAIR[0],
            model=MODEL,
            hosts=("127.0.0.1",),
            credential=parse_credential("none", provider=PAIR[0], environment={}, home=tmp_path),
            agent=lambda label: label or "somebody",
            socket_path=place,
        )
        async with listening:
            mode = Path(place).stat().st_mode & 0o777
            for label in ("implementer", "verifier", ""):
                reader, writer = await asyncio.open_unix_connection(place)
                body = asking()
                head = (
                    f"POST {listening.base_path(label)}/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                )
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                answer = await reader.read()
                writer.close()
                await writer.wait_closed()
        return mode, [record.agent for record in listening.records], answer[:12]

    assert asyncio.run(run()) == (0o600, ["implementer", "verifier", "somebody"], b"HTTP/1.1 200")
    assert not Path(place).exists()


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
    digest = write_requests(str(place), records, [b"held-by-the-recorder"])
    assert "held-by-the-recorder" not in place.read_text()
    read = parse_recorded(place.read_bytes())
    assert (read[0], read[2], read[1].outcome) == (records[0], records[2], "other-model")
    assert (len(digest), place.stat().st_mode & 0o777) == (64, 0o600)


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
        write_requests(str(place), (), ())
    assert not elsewhere.exists() or elsewhere.read_bytes() == b""
