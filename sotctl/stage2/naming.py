"""Finds every way in which a request names a model, and checks that it is the admitted one.

A request from which two readers could take two models is refused: a provider, a gateway or a proxy in front of it may
read more than the wire's documentation says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl

from sotctl.documents.quote import quote
from sotctl.evidence.requests import Outcome
from sotctl.stage2.json_keys import DuplicateKeyError, unique_keys

_STEMS = ("model", "engine", "deployment", "fallback")
_WORDS = frozenset(
    {"provider", "providers", "route", "router", "routing", "adapter", "adapters", "lora", "preset", "checkpoint"}
    | {"base_url", "api_base", "baseurl", "apibase", "endpoint", "upstream"}
)
_CONTENT = frozenset(
    {"messages", "input", "contents", "system", "instructions", "system_instruction", "systemInstruction", "prediction"}
)
"""Keys at the top of a body whose values the model reads."""
_DESCRIBED = frozenset(
    {"tools", "functions", "response_format", "text", "output_config", "output_format", "generationConfig"}
)
"""Keys at the top of a body below which JSON schemas stand."""
_SCHEMAS = frozenset(
    {"parameters", "parametersJsonSchema", "input_schema", "inputSchema", "schema", "input_examples"}
    | {"response", "responseJsonSchema", "responseSchema", "output_schema", "outputSchema"}
)
"""Keys below these that hold a JSON schema, whose property names are the program's own."""
_PATH = re.compile(r"(?:/[A-Za-z0-9_~:@+!$&'()*,=-][A-Za-z0-9._~:@+!$&'()*,=-]*)*/?")
_PLACES = frozenset({"models", "model", "engines", "engine", "deployments", "deployment"})
_MARK = "\ufeff".encode()
_unique = unique_keys()


class NotPassed(Exception):
    """A request that is not passed on: what it is recorded as, why, and the other model where it names one."""

    def __init__(self, outcome: Outcome, detail: str, model: str | None = None) -> None:
        super().__init__(detail)
        self.outcome, self.detail, self.model = outcome, detail, model


class UnreadableError(NotPassed):
    """A body that cannot be read in one way: a model request is refused for it."""


def check_path(path: str) -> None:
    """Refuse a path that another reader could resolve to another one.

    Raises:
        NotPassed: It holds an escape, an empty part or dots.
    """
    if not _PATH.fullmatch(path):
        raise NotPassed(Outcome.AMBIGUOUS, "the path could be read in two ways: it holds an escape, dots or a mark")


def check_surroundings(path: str, query: str, headers: Iterable[tuple[bytes, bytes]], model: str) -> None:
    """Refuse a request whose path, query or headers name another model.

    Raises:
        NotPassed: One of them does.
    """
    parts = path.split("/")
    for place, name in pairwise(parts):
        if place.lower() in _PLACES and name.partition(":")[0] not in ("", model):
            raise _other("the path", name.partition(":")[0])
    for name, value in parse_qsl(query.replace(";", "&"), keep_blank_values=True):
        if selects_model(name) and value != model:
            raise _other(f"{quote(name)} of the query", value)
    for header, content in headers:
        value = content.decode("latin-1").strip()
        if selects_model(header.decode("latin-1")) and value != model:
            raise _other(f"the header {quote(header.decode('latin-1'))}", value)


def parse_body(body: bytes | bytearray) -> Any:
    """Read a body in the one way in which JSON can be read.

    Raises:
        UnreadableError: It is not UTF-8, not JSON, or has a key twice.
    """
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_unique)
    except UnicodeDecodeError:
        raise UnreadableError(Outcome.AMBIGUOUS, "the body is not UTF-8") from None
    except DuplicateKeyError as error:
        message = f"{quote(str(error))} stands twice in an object of the body, so that it could name two models"
        raise UnreadableError(Outcome.AMBIGUOUS, message) from None
    except RecursionError:
        raise UnreadableError(Outcome.AMBIGUOUS, "the body is nested too deeply") from None
    except ValueError:
        if body.startswith(_MARK) or b"\x00" in body[:4]:
            raise UnreadableError(Outcome.AMBIGUOUS, "the body is not plain UTF-8") from None
        raise UnreadableError(Outcome.OTHER_MODEL, "the body is not JSON, so that it names no model") from None


def check_body(values: Any, model: str, *, in_path: str | None) -> str:
    """The model that a body, or the path before it, names: the admitted one.

    Raises:
        NotPassed: One of them names another model, by whatever key, or neither names any.
    """
    if in_path not in (None, model):
        raise _other("the path", in_path)
    if not isinstance(values, dict):
        raise NotPassed(Outcome.OTHER_MODEL, "the body is not a JSON object, so that it names no model")
    check_selectors(values, model)
    if values.get("model") is None and in_path is None:
        raise NotPassed(Outcome.OTHER_MODEL, "the body names no model")
    return model


def check_unknown(values: Any, model: str) -> str | None:
    """The admitted model where the body of a request with an unknown path names it; None where it names no model.

    Raises:
        NotPassed: It names another model, by whatever key.
    """
    if not isinstance(values, dict):
        return None
    check_selectors(values, model)
    return model if values.get("model") == model else None


def check_selectors(values: Mapping[str, Any], model: str) -> None:
    """Refuse a body that names another model, by whatever key.

    Raises:
        NotPassed: It does; the key is named.
    """
    for key, value in _selectors(values):
        if key == "model" and value in (model, f"models/{model}") and isinstance(value, str):
            continue
        raise _other(f"{quote(key)} of the body", _first_text(value))


def _selectors(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every key of a body that selects a model for some reader, with its value, except in the model's input."""
    yield from ((key, value) for key, value in values.items() if selects_model(key))
    for top, value in values.items():
        if top not in _CONTENT:
            yield from _selectors_below(value, _SCHEMAS if top in _DESCRIBED else frozenset())


def _selectors_below(value: Any, left_out: frozenset[str]) -> Iterator[tuple[str, Any]]:
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            yield from ((key, value) for key, value in part.items() if selects_model(key) and value is not None)
            stack += [value for key, value in part.items() if key not in left_out]
        elif isinstance(part, list):
            stack += [item for item in part if isinstance(item, dict | list)]


def selects_model(key: str) -> bool:
    """Whether a key names a model or its server for some reader, ignoring case and separators."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip()).casefold()
    squeezed = re.sub(r"[^a-z0-9]", "", words)
    if any(stem in squeezed for stem in _STEMS):
        return True
    parts = re.split(r"[^a-z0-9]+", words)
    return squeezed in _WORDS or not _WORDS.isdisjoint(parts) or not _WORDS.isdisjoint(map("_".join, pairwise(parts)))


def _first_text(value: Any) -> str | None:
    """The first text in a value, which is the name of a model where the key selects one."""
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            return part
        stack += list(part.values()) if isinstance(part, dict) else reversed(part) if isinstance(part, list) else []
    return None


def _other(where: str, model: str | None) -> NotPassed:
    return NotPassed(Outcome.OTHER_MODEL, f"{where} names {quote(model) if model else 'a model besides'}", model)
