"""What keeps a template of a store from being used: it cannot be read, or asks for less than what is shipped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sotctl import resources
from sotctl.documents.formats import FORMATS, ISSUE_ID
from sotctl.documents.layout import SCHEMA_SUFFIX
from sotctl.documents.schema import Schema
from sotctl.errors import SotError

_DEEPEST = 40
_KEPT = ("x-decides", "x-names", "x-derives")
_BOUND_FORMATS = frozenset({"approval-source"})  # known where there is a policy


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_issue_ids(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and re.fullmatch(ISSUE_ID, item) for item in value)


def _is_mappings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_mapping_of_mappings(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, dict) for item in value.values())


def _is_format(value: object) -> bool:
    return isinstance(value, str) and (value in FORMATS or value in _BOUND_FORMATS)


_SHAPES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("$schema", "$id", "$ref", "title", "description"), (_is_text, "a text")),
    **dict.fromkeys(("x-message", "x-rule"), (_is_text, "a text")),
    "type": (_is_text, "the name of one type"),
    "format": (_is_format, "the name of a format"),
    **dict.fromkeys(("required", "x-names", "enum"), (_is_texts, "a list of texts")),
    "examples": (lambda value: isinstance(value, list), "a list"),
    "x-decides": (_is_issue_ids, "a list of issue ids"),
    "x-derives": (lambda value: isinstance(value, dict), "a mapping"),
    "allOf": (_is_mappings, "a list of mappings"),
    **dict.fromkeys(("properties", "x-body"), (_is_mapping_of_mappings, "a mapping of mappings")),
    **dict.fromkeys(("if", "then", "else", "not", "items"), (lambda value: isinstance(value, dict), "a mapping")),
    **dict.fromkeys(
        ("additionalProperties", "unevaluatedProperties", "x-ask"), (lambda value: isinstance(value, bool), "a boolean")
    ),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minimum"), (_is_count, "a whole number")),
    "const": (lambda value: isinstance(value, str | int | bool), "a text, a number or a boolean"),
}


def find_problems(files: Mapping[str, bytes]) -> dict[str, str]:
    """The files of a store's `templates/` that may not be used, by name, each with the reason.

    A template that refers to one of these may not be used either, unless one of that name is shipped.
    """
    problems: dict[str, str] = {}
    while found := dict(_pass({name: data for name, data in files.items() if name not in problems})):
        problems |= found
    return problems


def _pass(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, data in sorted(files.items()):
        problem = _schema_problem(name, files) if name.endswith(SCHEMA_SUFFIX) else _body_problem(name, data)
        if problem:
            yield name, problem


def _body_problem(name: str, data: bytes) -> str:
    if not name.endswith(".md"):
        return ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return f"{name} is not UTF-8"
    return ""


def _schema_problem(name: str, files: Mapping[str, bytes]) -> str:
    try:
        root = _read(name, files)
        if problem := next(_misshapen(root), ""):
            return f"{name}: {problem}"
        _load(name, files, ())
    except (SotError, ValueError, RecursionError) as error:
        return str(error) if isinstance(error, SotError) else f"{name} is not JSON: {error}"
    return _weaker(name, root, files)


def _load(name: str, files: Mapping[str, bytes], above: tuple[str, ...]) -> Schema:
    """Read a schema and everything that it refers to.

    Raises:
        SotError: One of them does not exist, cannot be read, or refers to itself in the end.
    """
    if name in above:
        raise SotError(f"{name} refers to itself over {', '.join(above[above.index(name) :])}")
    root = _read(name, files)
    for reference in set(_references(root)):
        _load(reference, files, (*above, name))
    return Schema(name, root, lambda reference: _load(reference, files, ()))


def _read(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    if name not in files and name not in resources.names():
        raise SotError(f"there is no template {name}")
    root = json.loads(files[name] if name in files else resources.read(name))
    if not isinstance(root, dict):
        raise SotError(f"{name} is not a JSON Schema: its root is not a mapping")
    return root


def _misshapen(schema: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """The keywords whose values are not what sotctl reads there."""
    if depth > _DEEPEST:
        yield "it is nested too deeply"
        return
    for key, value in schema.items():
        shape, what = _SHAPES.get(key, (lambda _: True, ""))
        if not shape(value):
            yield f"`{key}` must be {what}"
        else:
            for part in _parts(key, value):
                yield from _misshapen(part, depth + 1)


def _parts(key: str, value: Any) -> list[Mapping[str, Any]]:
    if key in ("properties", "x-body"):
        return list(value.values())
    if key == "allOf":
        return list(value)
    return [value] if key in ("if", "then", "else", "not", "items") else []


def _references(schema: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield str(schema["$ref"])
    for key, value in schema.items():
        for part in _parts(key, value):
            yield from _references(part)


def _weaker(name: str, root: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """How a template would take something out of governance."""
    shipped = json.loads(resources.read(name)) if name in resources.names() else {}
    for key in _KEPT:
        if key in shipped and root.get(key) != shipped[key]:
            return f"{name} overrides a shipped template and must keep its `{key}`"
    kinds = {other: json.loads(resources.read(other)) for other in resources.names() if other.endswith(SCHEMA_SUFFIX)}
    derived = [other["x-derives"] for other in kinds.values() if "x-derives" in other]
    if "x-derives" in root and root["x-derives"] not in derived:
        return f"{name}: `x-derives` must be that of a shipped template"
    decides = set(root.get("x-decides", ()))
    governed = {issue for other, schema in kinds.items() if other != name for issue in schema.get("x-decides", ())}
    if taken := sorted(governed & decides):
        return f"{name} decides {', '.join(taken)}, which a shipped template governs"
    return ""
