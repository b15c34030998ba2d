"""Validates a governed document against its schema, and checks its dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sotctl.documents import rules
from sotctl.documents.dates import is_after, is_like_date, parse_date
from sotctl.documents.formats import Formats
from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.quote import quote
from sotctl.documents.schema import Schema
from sotctl.errors import Command
from sotctl.findings import Finding, Rule

DATED = frozenset({"date", "review-trigger"})
"""The formats of fields in which a date is meant."""


def validate(
    document: GovernedDocument, schema: Schema, formats: Formats, *, now: datetime, extra: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with the header of *document*; *extra* names fields that its store allows besides."""
    governed = schema.resolve(document.values).properties
    values = {name: value for name, value in document.values.items() if name in governed or name not in extra}
    yield from _dates_as_text(document, governed)
    for problem in schema.problems(values, formats):
        yield _finding(document, problem.rule, problem.path, problem.message)
    yield from _dates(document, now)


def _dates(document: GovernedDocument, now: datetime) -> Iterator[Finding]:
    created, reviewed = (parse_date(document.text(name)) for name in ("created", "last_reviewed"))
    for name, day in (("created", created), ("last_reviewed", reviewed)):
        if day and is_after(day, now):
            message = f"`{name}` is {day}, which lies in the future"
            yield _finding(document, rules.DATE_IN_FUTURE, (name,), message, "write the real date")
    if created and reviewed and reviewed < created:
        message = f"`last_reviewed` {reviewed} lies before `created` {created}"
        yield _finding(document, rules.DATE_ORDER, ("last_reviewed",), message, "write the real dates")


def _dates_as_text(
    document: GovernedDocument, governed: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[Finding]:
    """A plain scalar that YAML reads as a date, in a field where none is meant."""
    for name, parts in governed.items():
        field = document.fields.get(name)
        plain = field is not None and not field.style and is_like_date(str(field.value))
        if field and plain and not any(part.get("format") in DATED for part in parts):
            message = f"{quote(field.value)} reads as a date, not as text: put it in quotes"
            yield _finding(document, rules.YAML_AMBIGUOUS, (name,), message)


def _finding(
    document: GovernedDocument, rule: Rule, where: tuple[str | int, ...], message: str, fix: str = ""
) -> Finding:
    fix = fix or Command(f"sotctl explain {rule.id}")
    return rule.finding(document.path, message, fix, line=document.line_of(*where))
