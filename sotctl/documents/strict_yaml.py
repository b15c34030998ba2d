"""The part of YAML that governed documents may use: one mapping of text, lists of text, and lists of small mappings.

PyYAML parses; this module walks its events, keeps the place of every value, and refuses every value that reads as
something else than it looks like. Source: docs/reference/documents.md; YAML 1.1 (PyYAML's resolver) and 1.2 (core
schema) for what a plain scalar would become.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from sotctl.documents import rules
from sotctl.documents.dates import is_like_date
from sotctl.documents.quote import quote
from sotctl.findings import Rule

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

DEEPEST = 4
Value = str | list[Any] | dict[str, Any]
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_NUMBER = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|nan)", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The value of one key.

    `value_start` and `value_end` are character offsets of the value in the text that was parsed, quotes included;
    `item_lines` gives the line of each item of a list. Lines count from 1.
    """

    value: Value
    line: int
    value_start: int
    value_end: int
    style: str
    item_lines: tuple[int, ...] = ()


class StrictYamlError(Exception):
    """The text is outside the allowed part of YAML: a rule, a sentence and a line (from 1)."""

    def __init__(self, rule: Rule, message: str, line: int) -> None:
        super().__init__(message)
        self.rule, self.message, self.line = rule, message, line


def parse_mapping(text: str) -> dict[str, Field]:
    """Read one block of YAML into its fields by name, in order.

    Raises:
        StrictYamlError: The first thing that is not allowed, with its line.
    """
    try:
        return _Walk(text).fields()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise StrictYamlError(rules.YAML_INVALID, f"not valid YAML: {reason}", mark.line + 1 if mark else 1) from None
    except RecursionError:
        raise StrictYamlError(rules.YAML_TOO_DEEP, f"nested deeper than {DEEPEST} levels", 1) from None


def plain(fields: Mapping[str, Field]) -> dict[str, Any]:
    """The values alone."""
    return {name: field.value for name, field in fields.items()}


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self.item_lines: list[int] = []
        self.last_end = 0

    def fields(self) -> dict[str, Field]:
        next(self.events)
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            return {}
        if start.version or start.tags:
            raise StrictYamlError(rules.YAML_DIRECTIVE, "directives are not allowed", _line(start))
        root = next(self.events)
        if not isinstance(root, yaml.MappingStartEvent):
            raise StrictYamlError(
                rules.FRONTMATTER_NOT_MAPPING, "the frontmatter is not a list of `key: value` lines", 1
            )
        self.refuse_properties(root)
        fields = self.top_level()
        next(self.events)
        if not isinstance(after := next(self.events), yaml.StreamEndEvent):
            raise StrictYamlError(rules.YAML_DOCUMENT, "a second YAML document follows", _line(after))
        return fields

    def top_level(self) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name, line = self.key(event, fields), _line(event)
            self.item_lines = []
            first = next(self.events)
            value = self.value(first, 1)
            end = _offset(first.end_mark) if isinstance(first, yaml.ScalarEvent) else self.last_end
            style = (first.style or "") if isinstance(first, yaml.ScalarEvent) else "collection"
            fields[name] = Field(
                value=value,
                line=line,
                style=style,
                value_start=_offset(first.start_mark),
                value_end=end,
                item_lines=tuple(self.item_lines),
            )
        return fields

    def key(self, event: Any, seen: Mapping[str, object]) -> str:
        line = _line(event)
        self.refuse_properties(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise StrictYamlError(rules.YAML_KEY, "a key must be one word", line)
        if event.value == "<<":
            raise StrictYamlError(rules.YAML_MERGE_KEY, "merge keys are not allowed", line)
        if event.value in seen:
            raise StrictYamlError(rules.YAML_DUPLICATE_KEY, f"{quote(event.value)} stands here a second time", line)
        return str(event.value)

    def value(self, event: Any, depth: int) -> Value:
        self.refuse_properties(event)
        if depth > DEEPEST:
            raise StrictYamlError(rules.YAML_TOO_DEEP, f"nested deeper than {DEEPEST} levels", _line(event))
        if isinstance(event, yaml.ScalarEvent):
            if not event.style and event.value:  # a plain scalar has the style "" in libyaml, None in PyYAML itself
                self.refuse_ambiguous(event, event.value)
            return str(event.value)
        return self.sequence(depth) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(depth)

    def sequence(self, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            if depth == 1:
                self.item_lines.append(_line(event))
            items.append(self.value(event, depth + 1))
        self.last_end = _offset(event.end_mark)
        return items

    def mapping(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name = self.key(event, values)
            values[name] = self.value(next(self.events), depth + 1)
        self.last_end = _offset(event.end_mark)
        return values

    def refuse_ambiguous(self, event: Any, text: str) -> None:
        """Refuse a plain scalar that some YAML reader would not take as the text it looks like."""
        line = _line(event)
        if becomes := _becomes(text):
            raise StrictYamlError(
                rules.YAML_AMBIGUOUS, f"{quote(text)} reads as {becomes}, not as text: put it in quotes", line
            )
        if re.match(r"[ \t]+#\S", self.text[_offset(event.end_mark) :][:200]):
            message = f"what follows {quote(text)} is cut off as a comment: put the value in quotes"
            raise StrictYamlError(rules.YAML_AMBIGUOUS, message, line)

    def refuse_properties(self, event: Any) -> None:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise StrictYamlError(rules.YAML_ALIAS, "aliases are not allowed", line)
        if getattr(event, "anchor", None):
            raise StrictYamlError(rules.YAML_ANCHOR, "anchors are not allowed", line)
        if getattr(event, "tag", None):
            raise StrictYamlError(rules.YAML_TAG, "tags are not allowed", line)


def _line(event: Any) -> int:
    """The line of an event, from 1."""
    return int(event.start_mark.line) + 1


def _offset(mark: Any) -> int:
    """The character offset of a mark."""
    return int(mark.index)


def _becomes(text: str) -> str | None:
    """The type that a plain scalar would become if not text; a date is kept as written and left to its schema."""
    if is_like_date(text):
        return None
    if text in ("y", "Y", "n", "N"):
        return "true or false"  # in YAML 1.1, though not to PyYAML
    if _NUMBER.fullmatch(text):
        return "a number"
    for tag, pattern in _RESOLVERS.get(text[0], []):
        if pattern.match(text):
            return {"bool": "true or false", "null": "nothing", "timestamp": "a time", "merge": "a merge key"}.get(
                tag.rpartition(":")[2], "a number"
            )
    return None
