"""Which model an answer names, however its bytes arrive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sotctl.stage2 import served
from sotctl.stage2.served import UNREADABLE, ServedModels
from sotctl.stage2.wires import wires

EVENTS = [(b"Content-Type", b"text/event-stream; charset=utf-8")]
WHOLE = [(b"Content-Type", b"application/json")]
NAMES = st.text(min_size=1, max_size=12)


def every_wire(values: Mapping[str, Any]) -> Iterator[object]:
    for wire in wires().values():
        yield from wire.served(values)


def models(headers: Iterable[tuple[bytes, bytes]], chunks: Iterable[bytes]) -> list[str]:
    found = ServedModels(every_wire, headers)
    for chunk in chunks:
        found.feed(chunk)
    return found.models()


@st.composite
def cut(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """*data* in pieces of any size, empty ones among them."""
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    """A stream of server-sent events, and the models that it names."""
    names = draw(st.lists(NAMES, max_size=4))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines = []
    for name in names:
        value = draw(st.sampled_from([{"model": name}, {"response": {"model": name}}, {"message": {"model": name}}]))
        data = json.dumps(value, ensure_ascii=draw(st.booleans()))
        lines += [draw(st.sampled_from([": kept alive", "event: message", "data: [DONE]", "data: ping"])), ""]
        lines += [draw(st.sampled_from(["data:", "data: "])) + data, draw(st.sampled_from(["", "id: 1"]))]
    text = draw(st.sampled_from(["", "\ufeff"])) + end.join(lines) + draw(st.sampled_from(["", end]))
    return text.encode(), sorted(set(names))


@given(streams(), st.data())
def test_the_events_of_a_stream_name_the_same_models_in_any_pieces(
    stream: tuple[bytes, list[str]], data: st.DataObject
) -> None:
    body, names = stream
    assert models(EVENTS, [body]) == names
    assert models(EVENTS, data.draw(cut(body))) == names


@given(NAMES, st.data())
def test_a_whole_answer_names_the_same_model_in_any_pieces(name: str, data: st.DataObject) -> None:
    body = json.dumps({"id": "1", "model": name, "choices": [{"text": "é" * 20}]}, ensure_ascii=False).encode()
    assert models(WHOLE, data.draw(cut(body))) == [name]


@given(st.binary(max_size=120), st.sampled_from([EVENTS, WHOLE]), st.data())
def test_any_bytes_in_any_pieces_give_what_the_whole_gives(
    body: bytes, headers: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    assert models(headers, data.draw(cut(body))) == models(headers, [body])


@given(data=st.data())
def test_what_is_too_long_is_unreadable_in_any_pieces(data: st.DataObject) -> None:
    line = b'data: {"model": "' + b"m" * 80 + b'"}\n'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "MAX_BYTES", 60)
        assert models(EVENTS, data.draw(cut(line))) == [UNREADABLE]
        assert models(EVENTS, data.draw(cut(b'data: {"model": "m"}\n' * 9))) == ["m"]
        assert models(WHOLE, data.draw(cut(b'{"model": "' + b"m" * 80 + b'"}'))) == [UNREADABLE]


OTHER = b'{"model": "other"}'
LINES = [(b"Content-Type", b"application/x-ndjson")]
BYTES = [(b"Content-Type", b"application/octet-stream")]
HIDDEN = [
    (EVENTS, b"data: " + OTHER + b"\r\rdata: [DONE]\r\r", ["other"]),
    (EVENTS, b'data: {"model": "m"}\r\rdata: ' + OTHER + b"\r\r", ["m", "other"]),
    (EVENTS, b'data: {"model":\ndata: "other"}\n\n', ["other"]),
    (EVENTS, b'data: {"model":\r\ndata: "other"}\r\n\r\n', ["other"]),
    (EVENTS, b'data: [\ndata: {"model": "other"}\ndata: ]\n\n', ["other"]),
    (EVENTS, b"\xef\xbb\xbfdata: " + OTHER + b"\n\n", ["other"]),
    (EVENTS, OTHER + b"\n", ["other"]),
    (EVENTS, b"data: " + OTHER + b" and more\n\n", [UNREADABLE]),
    (EVENTS, b"data: {broken\n\n", [UNREADABLE]),
    (EVENTS, b'data: {"model": "other", "model": "m"}\n\n', [UNREADABLE]),
    (EVENTS, b"data: ping\n\n", []),
    (EVENTS, b'data: {"model": "", "choices": []}\n\ndata: {"model": "m"}\n\n', ["m"]),
    (LINES, OTHER + b"\n" + b'{"model": "m"}\n', ["m", "other"]),
    (WHOLE, b"[" + OTHER + b"]", ["other"]),
    (WHOLE, b"\xef\xbb\xbf" + OTHER, ["other"]),
    (WHOLE, OTHER + b"x", [UNREADABLE]),
    (WHOLE, b"x " + OTHER, [UNREADABLE]),
    (WHOLE, b"some words", [UNREADABLE]),
    (WHOLE, b'{"model": "other", "model": "m"}', [UNREADABLE]),
    (WHOLE, b'{"model": ["other"]}', [UNREADABLE]),
    (WHOLE, b'{"usage": {"a": 1, "a": 2}, "model": "other"}', ["other"]),
    (WHOLE, b"", []),
    (BYTES, b"data: " + OTHER + b"\n\ndata: [DONE]\n\n", ["other"]),
    ([], b": kept alive\r\rdata: " + OTHER + b"\r\r", ["other"]),
]


@pytest.mark.parametrize(("headers", "body", "names"), HIDDEN, ids=[repr(case[1]) for case in HIDDEN])
@given(data=st.data())
def test_no_form_hides_the_model(
    headers: list[tuple[bytes, bytes]], body: bytes, names: list[str], data: st.DataObject
) -> None:
    assert models(headers, data.draw(cut(body))) == names


def test_an_error_page_names_no_model() -> None:
    found = ServedModels(every_wire, [], 502)
    found.feed(b"<html>Bad gateway</html>")
    assert found.models() == []


@pytest.mark.parametrize("encoding", [b"gzip", b"br", b"identity, gzip"])
def test_an_encoded_answer_is_unreadable(encoding: bytes) -> None:
    assert models([*WHOLE, (b"content-ENCODING", encoding)], [b'{"model": "m"}']) == [UNREADABLE]


@pytest.mark.parametrize(
    ("headers", "body", "names"),
    [
        (EVENTS, b'data: {"model": "m"}\n\ndata: {"mod', ["m"]),
        (EVENTS, b'data: {"model": "m"}\n\ndata: {"model": "other", "cho', ["m", "other"]),
        (EVENTS, b'data: {"model": "m", "text": "a \\"model\\": \\"quoted\\"', ["m"]),
        (WHOLE, b'{"model": "m", "choices": [{"mess', ["m"]),
        (WHOLE, b'{"choices": [{"mess', []),
        (WHOLE, b"", []),
        (EVENTS, b'data: {"model": 5}\n\ndata: {"m', [UNREADABLE]),
    ],
)
def test_an_answer_that_was_not_read_to_its_end_names_what_it_names(
    headers: list[tuple[bytes, bytes]], body: bytes, names: list[str]
) -> None:
    found = ServedModels(every_wire, headers)
    found.feed(body)
    assert found.models_so_far() == names
