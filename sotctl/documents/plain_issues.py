"""Reads the issues of a plain document without a Markdown parser.

It takes a quarter of the time, nearly all documents are plain, and a store may hold thousands. A plain document is
ASCII; each line is blank, a heading, a line of text or a `- ` bullet, and begins with an ordinary character; and only
lines that are exactly `Acceptance:` and `Blocked by:` could be labels. For any other document `read_plain` returns
None. A test compares it with the parser.
"""

from __future__ import annotations

import re

from sotctl.documents.issue import HEADING, STATUS_WORD, Bullet, Issue, make_bullet
from sotctl.documents.labels import LABEL

_LABELS = frozenset({"Acceptance:", "Blocked by:"})
_MARKS = ("\\", "&", "<", "](", "][", "```")
_LABEL_WORD = re.compile(r"block|accept")
_BEGINNING = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\"'`")
_ORDINARY = re.compile(r"[.,;/@$%(?!]|\d+[^\d.)]")
_BLANK, _HEADING, _BULLET, _TEXT, _LABEL = range(5)


class _NotPlainError(Exception):
    """The document is not plain."""


def read_plain(path: str, source: bytes, body_start: int, statuses: tuple[str, ...]) -> tuple[Issue, ...] | None:
    """The issues of a document that is plain and breaks no rule; None for any other."""
    body = source[body_start:]
    if not body.isascii():
        return None
    text = body.decode("ascii")
    if not text.replace("\n", "").isprintable() or any(mark in text for mark in _MARKS):
        return None
    if _may_hold_label(text):
        return None
    reader = _PlainReader(path, statuses, body_start, source.count(b"\n", 0, body_start))
    try:
        return reader.read(text)
    except _NotPlainError:
        return None


def _may_hold_label(text: str) -> bool:
    """Whether a line could be a label, or look like one, and is not exactly one of the two."""
    lower = text.lower()
    if _count(lower) != _count(_without_marks(lower)):
        return True
    end = -1
    while (match := _LABEL_WORD.search(lower, end + 1)) is not None:
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        line = text[start : end if end >= 0 else len(text)]
        if line not in _LABELS:
            shown = _without_marks(line).strip()
            if shown[:1] == "#" or shown.endswith(":") or LABEL.match(shown):
                return True
        if end < 0:
            break
    return False


def _without_marks(text: str) -> str:
    return text.replace("*", "").replace("_", "").replace("`", "")


def _count(text: str) -> int:
    return text.count("block") + text.count("accept")


class _PlainReader:
    """Goes through the lines once; `offset` and `line` are those of the line that is read."""

    def __init__(self, path: str, statuses: tuple[str, ...], offset: int, line: int) -> None:
        self.path, self.statuses = path, statuses
        self.offset, self.line = offset, line
        self.before = _BLANK
        self.issues: list[Issue] = []
        self.current: _Open | None = None

    def read(self, text: str) -> tuple[Issue, ...]:
        last = self.offset  # after the last line that is not blank
        for line in text.split("\n"):
            self.line += 1
            if not line:
                self.before = _BLANK
            else:
                self.before = self.take(line, last)
                last = self.offset + len(line.rstrip())
            self.offset += len(line) + 1
        self.close(last)
        if len({issue.id for issue in self.issues}) != len(self.issues):
            raise _NotPlainError
        return tuple(self.issues)

    def take(self, line: str, last: int) -> int:
        """Read a line that is not blank, and return what it is."""
        first = line[0]
        if first in _BEGINNING:
            return self.text(line)
        if first == "-" and line[1:2] == " " and (line[2:3] in _BEGINNING or _ORDINARY.match(line, 2)):
            if self.current:
                self.current.bullet(line, self.line, self.offset)
            return _BULLET
        if first == "#":
            self.heading(line, last)
            return _HEADING
        if _ORDINARY.match(line) and not (self.current and self.current.list):
            return self.text(line)
        raise _NotPlainError

    def heading(self, line: str, last: int) -> None:
        marks = len(line) - len(line.lstrip("#"))
        title = line[marks:].strip(" ")
        if marks > 6 or line[marks : marks + 1] != " " or not title or "#" in title:
            raise _NotPlainError
        match = HEADING.fullmatch(" ".join(title.split()))
        if match:
            self.close(last)
            self.current = _Open(match, marks, self.line, self.offset)
        elif self.current:
            self.current.heading(marks, last)

    def text(self, line: str) -> int:
        if self.before in (_BULLET, _LABEL) or line[1:2] == ")":
            raise _NotPlainError
        if line in _LABELS:
            if self.before == _TEXT:
                raise _NotPlainError
            if self.current:
                self.current.label(line)
            return _LABEL
        if self.current:
            self.current.text(line, self.line, self.offset, is_new=self.before != _TEXT)
        return _TEXT

    def close(self, last: int) -> None:
        """End the issue that is open, whose text ends at *last* where no heading has ended it."""
        if self.current:
            self.issues.append(self.current.issue(self.path, self.statuses, last))
            self.current = None


class _Open:
    """An issue that is being read."""

    def __init__(self, heading: re.Match[str], level: int, line: int, offset: int) -> None:
        self.match, self.level, self.line, self.start = heading, level, line, offset
        self.end = -1
        self.paragraphs: list[list[str]] = []
        self.lists: dict[str, list[Bullet]] = {}
        self.list: list[Bullet] | None = None
        self.status: tuple[str, int, int] | None = None
        self.marker = self.blocked_end = 0

    def heading(self, level: int, last: int) -> None:
        self.list = None
        if level <= self.level and self.end < 0:
            self.end = last

    def label(self, line: str) -> None:
        if self.end >= 0:
            raise _NotPlainError
        self.list = self.lists.setdefault(line, [])
        if self.list:  # a second list under the same label
            raise _NotPlainError

    def bullet(self, line: str, number: int, offset: int) -> None:
        if self.list is None:
            return
        end = offset + len(line.rstrip())
        text = line[2:]
        self.list.append(make_bullet(len(self.list) + 1, " ".join(text.split()), number, end))
        if self.list is self.lists.get("Blocked by:"):
            self.marker, self.blocked_end = offset, end

    def text(self, line: str, number: int, offset: int, *, is_new: bool) -> None:
        if self.end >= 0:
            return
        if self.list is not None and (not self.list or line.rstrip(" *_~`").endswith(":")):
            raise _NotPlainError
        if line.startswith("Status:"):
            self.take_status(line, number, offset)
        if is_new:
            self.paragraphs.append([line])
        else:
            self.paragraphs[-1].append(line)

    def take_status(self, line: str, number: int, offset: int) -> None:
        word = line[7:].strip(" ")
        if self.status is not None:
            raise _NotPlainError
        self.status = (word, number, offset + 7 + len(line[7:]) - len(line[7:].lstrip(" ")))

    def issue(self, path: str, statuses: tuple[str, ...], last: int) -> Issue:
        word = STATUS_WORD.fullmatch(self.status[0]) if self.status else None
        if self.status is None or word is None or word[1] not in statuses or self.lists.get("Blocked by:") == []:
            raise _NotPlainError
        _, line, start = self.status
        texts = [" ".join(" ".join(lines).split()) for lines in self.paragraphs]
        return Issue(
            id=self.match[1],
            title=self.match[2],
            status=word[1],
            path=path,
            line=self.line,
            status_line=line,
            status_span=(start, start + len(word[1])),
            text="\n\n".join(text for text in texts if not text.startswith("Status:") and not text.endswith(":")),
            start=self.start,
            end=last if self.end < 0 else self.end,
            acceptance=tuple(self.lists.get("Acceptance:", ())),
            blocked_by=tuple(self.lists.get("Blocked by:", ())),
            blocked_marker=self.marker,
            blocked_end=self.blocked_end,
        )
