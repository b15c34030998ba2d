"""Finds why a template of a store cannot be used: it is not understood, or asks for less than what is shipped."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sotctl import resources
from sotctl.documents.formats import FORMATS, ISSUE_ID
from sotctl.documents.layout import SCHEMA_SUFFIX
from sotctl.documents.quote import did_you_mean
from sotctl.documents.schema import TYPES
from sotctl.errors import SotError

Json = Mapping[str, Any]
_DEEPEST = 40
_KEPT = ("x-decides", "x-names", "x-derives")
_BOUND_FORMATS = ("approval-source",)  # known where there is a policy
_SUBSCHEMA = ("if", "then", "else", "not", "items")


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind)


def _all(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _one_of(*known: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in known


_SHAPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(
        ("$schema", "$id", "$ref", "title", "description", "x-message", "x-rule"),
        (lambda value: isinstance(value, str) and value != "", "a text"),
    ),
    "type": (_one_of(*TYPES), f"one of {', '.join(TYPES)}"),
    "format": (_one_of(*FORMATS, *_BOUND_FORMATS), "the name of a format"),
    **dict.fromkeys(("required", "x-names", "enum"), (lambda value: _all(value, str), "a list of texts")),
    "default": (_is(object), "anything"),
    "examples": (_is(list), "a list"),
    "x-decides": (
        lambda value: _all(value, str) and all(re.fullmatch(ISSUE_ID, item) for item in value),
        "a list of issue ids",
    ),
    "allOf": (lambda value: _all(value, dict), "a list of mappings"),
    **dict.fromkeys(
        ("properties", "x-body"),
        (lambda value: isinstance(value, dict) and _all(list(value.values()), dict), "a mapping of mappings"),
    ),
    **dict.fromkeys((*_SUBSCHEMA, "x-derives"), (_is(dict), "a mapping")),
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties", "x-ask"), (_is(bool), "a boolean")),
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minimum"),
        (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    ),
    "const": (lambda value: isinstance(value, str | int | bool), "a text, a number or a boolean"),
}
"""What the value of each keyword must be. Another keyword would be ignored, so it is refused, `x-` ones apart."""


def find_problems(files: Mapping[str, bytes]) -> dict[str, str]:
    """The files of a store's `templates/` that may not be used, by name, each with the reason.

    A template that refers to one of these may not be used either, unless one of that name is shipped.
    """
    problems: dict[str, str] = {}
    schemas: dict[str, Json] = {}
    for name, data in sorted(files.items()):
        try:
            if name.endswith(SCHEMA_SUFFIX):
                schemas[name] = _read(name, data)
            elif name.endswith(".md"):
                data.decode("utf-8")
        except UnicodeDecodeError:
            problems[name] = f"{name} is not UTF-8"
        except SotError as error:
            problems[name] = error.message
    while broken := {name: found for name in schemas if (found := _reference_problem(name, {**_shipped(), **schemas}))}:
        problems |= broken
        schemas = {name: schema for name, schema in schemas.items() if name not in broken}
    return problems


def _read(name: str, data: bytes) -> Json:
    try:
        root = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SotError(f"{name} is not JSON: {error}") from None
    if not isinstance(root, dict):
        raise SotError(f"{name} is not a JSON Schema: its root is not a mapping")
    for problem in _misshapen(root):
        raise SotError(f"{name}: {problem}")
    if weaker := _weaker(name, root):
        raise SotError(weaker)
    return root


def _misshapen(schema: Json, depth: int = 0) -> Iterator[str]:
    """The keywords that sotctl does not understand, or whose values are not what it reads there."""
    if depth > _DEEPEST:
        yield "it is nested too deeply"
        return
    for key, value in schema.items():
        shape, what = _SHAPES.get(key, (_is(object), ""))
        if key not in _SHAPES and not key.startswith("x-"):
            yield f"sotctl does not understand the keyword `{key}`{did_you_mean(key, list(_SHAPES))}"
        elif not shape(value):
            yield f"`{key}` must be {what}"
        else:
            for part in _parts(key, value):
                yield from _misshapen(part, depth + 1)


def _parts(key: str, value: Any) -> list[Json]:
    """The schemas in the value of a keyword."""
    if key in ("properties", "x-body"):
        return list(value.values())
    if key == "allOf":
        return list(value)
    return [value] if key in _SUBSCHEMA else []


def _reference_problem(name: str, schemas: Mapping[str, Json], above: tuple[str, ...] = ()) -> str:
    """What is wrong with the templates that a template refers to: one does not exist, or refers back to it."""
    if name in above:
        return f"{name} refers to itself over {', '.join(above[above.index(name) :])}"
    if name not in schemas:
        return f"there is no template {name}"
    problems = (_reference_problem(other, schemas, (*above, name)) for other in _references(schemas[name]))
    return next(filter(None, problems), "")


def _references(schema: Json) -> Iterator[str]:
    if "$ref" in schema:
        yield schema["$ref"]
    for key, value in schema.items():
        for part in _parts(key, value):
            yield from _references(part)


@functools.cache
def _shipped() -> Mapping[str, Json]:
    return {name: json.loads(resources.read(name)) for name in resources.names() if name.endswith(SCHEMA_SUFFIX)}


def _weaker(name: str, root: Json) -> str:
    """How a template would take something out of governance."""
    own = _shipped().get(name, {})
    for key in _KEPT:
        if key in own and root.get(key) != own[key]:
            return f"{name} overrides a shipped template and must keep its `{key}`"
    derived = [other["x-derives"] for other in _shipped().values() if "x-derives" in other]
    if "x-derives" in root and root["x-derives"] not in derived:
        return f"{name}: `x-derives` must be that of a shipped template"
    governed = {issue for other, schema in _shipped().items() if other != name for issue in schema.get("x-decides", ())}
    if taken := sorted(governed & set(root.get("x-decides", ()))):
        return f"{name} decides {', '.join(taken)}, which a shipped template governs"
    return ""
