"""Holds a governed document against its schema and its dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sotctl.documents.dates import is_after, parse_date
from sotctl.documents.formats import Formats
from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.schema import Schema
from sotctl.findings import Finding


def validate(
    document: GovernedDocument, schema: Schema, formats: Formats, *, now: datetime, extra: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with the header of *document*; *extra* names fields that its store allows besides."""
    values = {name: value for name, value in document.values.items() if name not in extra}
    for problem in schema.problems(values, formats):
        yield Finding(
            rule=problem.rule,
            path=document.path,
            line=document.line_of(*problem.path),
            message=problem.message,
            fix=f"sotctl explain {problem.rule}",
        )
    yield from _dates(document, now)


def _dates(document: GovernedDocument, now: datetime) -> Iterator[Finding]:
    created, reviewed = (parse_date(document.text(name)) for name in ("created", "last_reviewed"))
    for name, day in (("created", created), ("last_reviewed", reviewed)):
        if day and is_after(day, now):
            message = f"`{name}` is {day}, which lies in the future"
            yield Finding(
                rule="date-in-future",
                path=document.path,
                line=document.line_of(name),
                message=message,
                fix="write the real date",
            )
    if created and reviewed and reviewed < created:
        message = f"`last_reviewed` {reviewed} lies before `created` {created}"
        yield Finding(
            rule="date-order",
            path=document.path,
            line=document.line_of("last_reviewed"),
            message=message,
            fix="write the real dates",
        )
