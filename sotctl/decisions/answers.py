"""The answers of a decision: what was given, what follows from it, and what is still missing or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sotctl.documents import rules
from sotctl.documents.dates import first_date, has_passed
from sotctl.documents.formats import Formats, Reason
from sotctl.documents.quote import did_you_mean, quote
from sotctl.documents.schema import Problem, Schema
from sotctl.secrets import scan_text
from sotctl.secrets.reasons import SECRET

Answers = Mapping[str, Any]
GIVEN_BESIDES = ("supersedes", "evidence_expectations", "served_models")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a decision, given the answers so far.

    `options` are the only values allowed, if they are limited; `examples` are values worth offering. A question
    `applies` unless what has been answered leaves it a single value.
    """

    name: str
    title: str
    description: str
    applies: bool
    kind: str
    options: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    default: str = ""
    required: bool = False


def questions(schema: Schema, answers: Answers) -> list[Question]:
    """Every question of a decision template in order, as the answers so far leave it."""
    resolved = schema.resolve(answers).properties
    own = [name for name in schema.root.get("properties", {}) if any(part.get("x-ask") for part in resolved[name])]
    asked = [_question(name, resolved[name]) for name in own]
    body = schema.annotation("x-body") or {}
    return asked + [_question(name, [part]) for name, part in body.items() if part.get("x-ask")]


def _question(name: str, parts: list[Mapping[str, Any]]) -> Question:
    enums = [part["enum"] for part in parts if "enum" in part]
    required = any(part.get("minLength") or part.get("minItems") for part in parts)
    options = [value for value in (enums[0] if enums else []) if all(value in enum for enum in enums)]
    fixed = any("const" in part or part.get("maxItems") == 0 for part in parts)
    return Question(
        name=name,
        title=_annotation(parts, "title", name),
        description=_annotation(parts, "description", ""),
        applies=not fixed,
        kind=_annotation(parts, "type", "string"),
        options=tuple(value for value in options if value),
        examples=tuple(example for part in reversed(parts) for example in part.get("examples", ())),
        default=_annotation(parts, "default", ""),
        required=required or bool(enums),
    )


def _annotation(parts: list[Mapping[str, Any]], key: str, default: Any) -> Any:
    """The annotation of the template itself where it has one: its own properties come last."""
    return next((part[key] for part in reversed(parts) if key in part), default)


def complete(schema: Schema, answers: Answers) -> dict[str, Any]:
    """The answers, and every value that follows from them because only one is possible."""
    completed = dict(answers)
    while True:
        properties = schema.resolve(completed).properties
        follows = {
            name: part.get("const", [])
            for name, parts in properties.items()
            for part in parts
            if name not in completed and ("const" in part or part.get("maxItems") == 0)
        }
        if not follows:
            return completed
        completed |= follows


def answer_problems(schema: Schema, answers: Answers, formats: Formats) -> list[Problem]:
    """What is missing from a decision, and what is wrong with what was given, one problem for each field.

    Fields that sotctl fills in itself are not named.
    """
    completed = complete(schema, answers)
    asked = questions(schema, completed)
    known = [*(question.name for question in asked), *GIVEN_BESIDES, "effect"]
    optional = {(question.name,) for question in asked if not question.required}
    found = [problem for problem in schema.problems(completed, formats) if problem.path[0] in {*known, *answers}]
    found = [problem for problem in found if problem.keyword != "required" or problem.path not in optional]
    body = schema.annotation("x-body") or {}
    found = [problem for problem in found if problem.path[0] not in body]
    found += [
        Problem(path=(name,), keyword="type", message=f"{quote(name)} must be text", rule=rules.FIELD_TYPE)
        for name in body
        if not isinstance(answers.get(name, ""), str)
    ]
    found += [problem for name in answers if (problem := _unknown(name, known, schema, found))]
    found += _named_twice(schema, completed)
    return sorted([*found, *_secrets(answers)], key=lambda problem: _place(problem, known))


def as_answers(formats: Formats, *, now: datetime) -> Formats:
    """The formats of documents as they hold for new answers: a review-by date must not have passed."""
    in_documents = formats["review-trigger"]

    def review_trigger(text: str) -> Reason | None:
        review_by = first_date(text)
        if review_by and has_passed(review_by, now):
            return Reason("names a review-by date that has passed", rules.REVIEW_BEFORE_ADMISSION)
        return in_documents(text)

    return {**formats, "review-trigger": review_trigger}


def read_item(schema: Schema, name: str, text: str) -> Any:
    """One item of a list field from what was typed: `provider/model` becomes a mapping where the items are mappings.

    The first slash divides, since a model may hold more of them; text that cannot be divided stays text.
    """
    items = schema.root.get("properties", {}).get(name, {}).get("items", {})
    keys = items.get("required", ())
    parts = text.split("/", max(len(keys) - 1, 0))
    if items.get("type") != "object" or len(parts) != len(keys):
        return text
    return dict(zip(keys, parts, strict=True))


def written_item(item: Any) -> str:
    """An item as it is typed."""
    return "/".join(str(part) for part in item.values()) if isinstance(item, dict) else str(item)


def read_values(schema: Schema, values: Answers) -> dict[str, Any]:
    """Answers from a file or a command line, with a single text given for a list, and pairs as they are typed, read."""
    read: dict[str, Any] = {}
    for name, value in values.items():
        if schema.root.get("properties", {}).get(name, {}).get("type") == "array":
            items = [value] if isinstance(value, str) and value else value or []
            value = [read_item(schema, name, item) if isinstance(item, str) else item for item in items]
        read[name] = value
    return read


def _place(problem: Problem, known: list[str]) -> int:
    return known.index(str(problem.path[0])) if problem.path[0] in known else len(known)


def _unknown(name: str, known: list[str], schema: Schema, found: list[Problem]) -> Problem | None:
    if name in known or any(problem.path[0] == name and problem.keyword == "additionalProperties" for problem in found):
        return None
    message = f"{quote(name)} is not a field of a {schema.title} that can be given{did_you_mean(name, known)}"
    return Problem(path=(name,), keyword="additionalProperties", message=message, rule=rules.FIELD_UNKNOWN)


def _named_twice(schema: Schema, values: Answers) -> Iterator[Problem]:
    """The fallback entries that repeat what is approved."""
    names = schema.annotation("x-names") or []
    named = {name: values.get(name) for name in names}
    for name, part in schema.root.get("properties", {}).items():
        if all(named.values()) and part.get("items", {}).get("required") == names and named in (values.get(name) or []):
            message = f"`{name}` names {quote('/'.join(map(str, named.values())))}, which is what is approved"
            yield Problem(path=(name,), keyword="named", message=message, rule=rules.FIELD_VALUE)


def _secrets(answers: Answers) -> Iterator[Problem]:
    for name, value in answers.items():
        for text in _texts(value):
            if found := scan_text(text):
                message = f"`{name}` looks like a secret ({found[0].rule}): name its class, never its value"
                yield Problem(path=(name,), keyword="secret", message=message, rule=SECRET)
                break


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
