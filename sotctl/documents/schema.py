"""The JSON Schema of a document kind: validation and prompts both come from it.

A conditional schema is first resolved against the values at hand into the subschemas that hold for each property; the
form asks from that, and validation tests against it. Only the keywords that `template_problems` names are understood.
The tests compare `problems` with a full JSON Schema validator; none is used here because importing one takes longer
than a gate call may.

Source: JSON Schema 2020-12, Core sections 10 and 11, Validation section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sotctl.documents import rules
from sotctl.documents.formats import Formats
from sotctl.documents.quote import did_you_mean, listed, quote
from sotctl.findings import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would cost the gate as much as running git
    from typing import Any

    Json = Mapping[str, Any]
    Loader = Callable[[str], "Schema"]
    Path = tuple[str | int, ...]

TYPES: Mapping[str, tuple[type, str]] = {
    "string": (str, "text"),
    "array": (list, "a list"),
    "object": (dict, "a mapping"),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with the value at `path`: `keyword` is the schema keyword that it breaks."""

    path: Path
    keyword: str
    message: str
    rule: Rule


@dataclass(slots=True)
class Resolved:
    """What holds for a mapping once every condition has been decided."""

    properties: dict[str, list[Json]] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    closed: bool = False


class Schema:
    """One schema, able to resolve its conditions and to find what is wrong with a value.

    `load` gives the schema that a `$ref` names.
    """

    def __init__(self, kind: str, root: Json, load: Loader) -> None:
        self.root, self._load = root, load
        self.title = str(root.get("title", kind))

    def annotation(self, key: str) -> Any:
        """The value of an `x-` keyword here or in a schema this one builds on; None where there is none."""
        if key in self.root:
            return self.root[key]
        for part in self.root.get("allOf", ()):
            if "$ref" in part and (found := self._load(part["$ref"]).annotation(key)) is not None:
                return found
        return None

    def resolve(self, value: Json, part: Json | None = None) -> Resolved:
        """Decide every condition of the schema, or of *part*, against *value*; gather what holds for each property."""
        resolved = Resolved()
        self._gather(self.root if part is None else part, value, resolved)
        return resolved

    def problems(self, value: Json, formats: Formats) -> Iterator[Problem]:
        """Everything that is wrong with *value*, at most one problem for each place."""
        yield from self._object_problems(self.resolve(value), value, (), formats)

    def _gather(self, schema: Json, value: Json, into: Resolved) -> None:
        into.required += [name for name in schema.get("required", ()) if name not in into.required]
        into.closed |= schema.get("additionalProperties") is False or schema.get("unevaluatedProperties") is False
        if "$ref" in schema:
            referred = self._load(schema["$ref"])
            referred._gather(referred.root, value, into)
        for part in schema.get("allOf", ()):
            self._gather(part, value, into)
        for name, subschema in schema.get("properties", {}).items():
            into.properties.setdefault(name, []).append(subschema)
        if "if" in schema:
            branch = "then" if self._holds(schema["if"], value) else "else"
            self._gather(schema.get(branch, {}), value, into)

    def _holds(self, condition: Json, value: Json) -> bool:
        return not any(self._object_problems(self.resolve(value, condition), value, (), {}))

    def _object_problems(self, resolved: Resolved, value: Json, path: Path, formats: Formats) -> Iterator[Problem]:
        for name in resolved.required:
            if name not in value:
                rule = _own_rule(resolved.properties.get(name, ())) or rules.FIELD_MISSING
                place = (*path, name)
                yield Problem(path=place, keyword="required", message=f"{_named(place)} is missing", rule=rule)
        for name, item in value.items():
            if subschemas := resolved.properties.get(name):
                problem = next(self._value_problems(subschemas, item, (*path, name), formats), None)
                if problem:
                    yield problem
            elif resolved.closed:
                hint = did_you_mean(name, list(resolved.properties))
                message = f"{_named((*path, name))} is not a field of a {self.title}{hint}"
                yield Problem(
                    path=(*path, name), keyword="additionalProperties", message=message, rule=rules.FIELD_UNKNOWN
                )

    def _value_problems(self, schemas: list[Json], value: Any, path: Path, formats: Formats) -> Iterator[Problem]:
        rule = _own_rule(schemas)
        for schema in schemas:
            if broken := _broken(schema, value, formats):
                keyword, reason, default_rule = broken
                message = f"{_named(path)} {schema.get('x-message', reason)}"
                own_rule = rule if rule and default_rule is rules.FIELD_MISSING else default_rule
                yield Problem(path=path, keyword=keyword, message=message, rule=own_rule)
        for schema in schemas:
            if isinstance(value, list) and "items" in schema:
                for index, item in enumerate(value):
                    yield from self._value_problems([schema["items"]], item, (*path, index), formats)
            if isinstance(value, dict) and ("properties" in schema or schema.get("additionalProperties") is False):
                yield from self._object_problems(self.resolve(value, schema), value, path, formats)


def _named(path: Path) -> str:
    """The name of a path in a sentence: the field, and for an item that is a mapping also its key."""
    names = [part for part in path if isinstance(part, str)]
    items = [part for part in path if isinstance(part, int)]
    if items and isinstance(path[-1], str):
        return f"{quote(names[-2])} {items[-1] + 1}: {quote(names[-1])}"
    return quote(names[-1])


def _broken(schema: Json, value: Any, formats: Formats) -> tuple[str, str, Rule] | None:
    """The keyword of *schema* that *value* breaks, why, and the rule that is reported."""
    if problem := _type_broken(schema, value):
        return "type", problem, rules.FIELD_TYPE
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        return "minLength", "is empty", rules.FIELD_MISSING
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        return "minItems", "is empty", rules.FIELD_MISSING
    if "const" in schema and value != schema["const"]:
        reason = f"must be exactly {quote(schema['const'])}" if schema["const"] else "must be empty"
        return "const", reason, rules.FIELD_VALUE
    if "enum" in schema and value not in schema["enum"]:
        known = [option for option in schema["enum"] if option]
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        return "enum", f"is {quote(value)}; it must be one of {listed(known)}{hint}", rules.FIELD_VALUE
    if "not" in schema and not _broken(schema["not"], value, formats):
        return "not", "has a value that is not allowed here", rules.FIELD_VALUE
    return _bounds_broken(schema, value) or _format_broken(schema, value, formats)


def _type_broken(schema: Json, value: Any) -> str | None:
    if "type" not in schema:
        return None
    expected, name = TYPES[schema["type"]]
    if isinstance(value, expected) and not (expected is int and isinstance(value, bool)):
        return None
    return f"must be {name}"


def _bounds_broken(schema: Json, value: Any) -> tuple[str, str, Rule] | None:
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        return "maxLength", f"is longer than {schema['maxLength']} characters", rules.FIELD_VALUE
    if isinstance(value, list) and len(value) > schema.get("maxItems", len(value)):
        return "maxItems", f"holds more than {schema['maxItems']} items", rules.FIELD_VALUE
    if isinstance(value, int) and value < schema.get("minimum", value):
        return "minimum", f"must be at least {schema['minimum']}", rules.FIELD_VALUE
    return None


def _format_broken(schema: Json, value: Any, formats: Formats) -> tuple[str, str, Rule] | None:
    test = formats.get(schema.get("format", ""))
    if test is None or not isinstance(value, str) or not (reason := test(value)):
        return None
    shown = reason.message if reason.rule is rules.FIELD_MISSING else f"{reason.message}: {quote(value)}"
    return "format", shown, reason.rule


def _own_rule(schemas: list[Json] | tuple[Json, ...]) -> Rule | None:
    """The rule that a schema names as the one a missing value breaks."""
    named = next((schema["x-rule"] for schema in schemas if "x-rule" in schema), "")
    return rules.ALL.get(named)
