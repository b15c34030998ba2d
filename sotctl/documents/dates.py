"""Dates and timestamps as governed text writes them.

Source: docs/reference/documents.md for what is future; RFC 3339 for timestamps.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_APART = re.compile(rf"(?<![0-9-]){_DATE.pattern}(?![0-9-])")
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_EASTERNMOST = timezone(timedelta(hours=14))


def is_like_date(text: str) -> bool:
    """Whether *text* has the form `YYYY-MM-DD`, so that YAML reads it as a date."""
    return _DATE.fullmatch(text) is not None


def parse_date(text: str) -> date | None:
    """A date from `YYYY-MM-DD` in ASCII digits, or None."""
    if not is_like_date(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_timestamp(text: str) -> datetime | None:
    """An aware time, UTC, from an RFC 3339 timestamp with a zone, or None."""
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper().replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_duration(text: str) -> timedelta | None:
    """A length of time from a whole number and `s`, `m`, `h` or `d`, or None."""
    match = re.fullmatch(r"([1-9][0-9]{0,8})([smhd])", text)
    if match is None:
        return None
    try:
        return timedelta(seconds=int(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]])
    except OverflowError:
        return None


def dates_in(text: str) -> list[str]:
    """Every separate ISO date in *text*, real or not."""
    return _DATE_APART.findall(text)


def first_date(text: str) -> date | None:
    """The first real ISO date that stands separately in *text*."""
    return next((found for written in dates_in(text) if (found := parse_date(written))), None)


def is_after(day: date, instant: datetime) -> bool:
    """Tell whether *day* lies after *instant* everywhere on Earth: a date carries no zone, so UTC+14 decides."""
    return day > instant.astimezone(_EASTERNMOST).date()


def has_passed(review_by: date, now: datetime) -> bool:
    """Tell whether a review-by date has passed: from the UTC day that follows it."""
    return now.astimezone(UTC).date() > review_by


def stamp(now: datetime) -> str:
    """The RFC 3339 timestamp that sotctl writes: UTC, whole seconds, `Z`."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today(now: datetime) -> str:
    """The UTC date that sotctl writes."""
    return now.astimezone(UTC).date().isoformat()
