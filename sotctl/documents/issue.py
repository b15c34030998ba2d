"""An issue and its bullets, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sotctl.documents.formats import ISSUE_ID

HEADING = re.compile(rf"({ISSUE_ID}) - (\S.*)")
"""The text of a heading that makes an issue: its id and its title."""

STATUS_WORD = re.compile(r"([a-z][a-z0-9_]*)\.")
_ANY_ID = re.compile(rf"(?<![A-Za-z0-9-]){ISSUE_ID}(?![A-Za-z0-9-])")
_SUFFIX = re.compile(r" \((cleared|met) (\d{4}-\d{2}-\d{2}): (.+)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """One bullet of a list of an issue; `number` counts from 1, `end` is the byte offset after its text.

    `settled` is the date and the words of a ` (cleared …)` or ` (met …)` suffix; `names` are the issues it names.
    """

    number: int
    text: str
    line: int
    end: int
    names: tuple[str, ...] = ()
    settled: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something in an issue that looks like one of its lists and cannot be read as one."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One governed issue and the place of everything in it; spans and ends are byte offsets in the document.

    `start` is where the heading begins; `end` follows the last text of the issue, thematic breaks behind it left out;
    `blocked_marker` is where the last blocker in a list begins, `blocked_end` follows its last text, 0 without one.
    `unread` is what cannot be read as a list, `unread_if_blocked` what matters only while the issue is blocked.
    """

    id: str
    title: str
    status: str
    path: str
    line: int
    status_line: int
    status_span: tuple[int, int]
    text: str
    start: int
    end: int
    acceptance: tuple[Bullet, ...] = ()
    blocked_by: tuple[Bullet, ...] = ()
    blocked_marker: int = 0
    blocked_end: int = 0
    unread: tuple[Unread, ...] = ()
    unread_if_blocked: tuple[Unread, ...] = ()

    def unreadable(self) -> tuple[Unread, ...]:
        """What keeps the issue from moving: lists that cannot be read, or no blocker although it is blocked."""
        if self.status != "blocked":
            return self.unread
        found = (*self.unread, *self.unread_if_blocked)
        if not self.blocked_by and not found:
            return (Unread(line=self.status_line, message=f"{self.id} is blocked and names no blocker"),)
        return found


def make_bullet(number: int, text: str, line: int, end: int) -> Bullet:
    """A bullet from its text; *end* is the byte offset after it."""
    suffix = _SUFFIX.search(text) if text.endswith(")") else None
    own = text[: suffix.start()] if suffix else text
    return Bullet(
        number=number,
        text=text,
        line=line,
        end=end,
        names=tuple(dict.fromkeys(_ANY_ID.findall(own))) if "-" in own else (),
        settled=(suffix[2], suffix[3]) if suffix else None,
    )
