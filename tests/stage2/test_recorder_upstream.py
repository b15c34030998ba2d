"""A provider that does not answer, answers late, or answers in something else: what the program gets and what is kept."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import time
from pathlib import Path

import pytest
import trustme

from stage2.provider import Provider
from stage2.recording import (
    MODEL,
    STREAM_HEAD,
    Scripted,
    asking,
    event,
    post,
    read_request,
    whole,
    with_recorder,
)


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
