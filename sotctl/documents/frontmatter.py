"""A governed document: its header, its body, and the place of every value.

python-frontmatter splits; nothing here writes (docs/reference/documents.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frontmatter.default_handlers import YAMLHandler

from sotctl.documents import rules, strict_yaml
from sotctl.documents.conflicts import conflict
from sotctl.documents.strict_yaml import Field, StrictYamlError
from sotctl.documents.text import decode
from sotctl.errors import Command
from sotctl.findings import RejectedError, Rule

_BOUNDARY = re.compile(r"^---[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_HINT = "begin the file with a line `---`, the fields, and a line `---`"


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernedDocument:
    """A Markdown document with frontmatter, as it stands in the file.

    `source` is the whole file; `header_start` and `body_start` are byte offsets into it. The offsets of `fields` count
    characters of the header.
    """

    path: str
    source: bytes
    fields: Mapping[str, Field]
    header: str
    header_start: int
    body_start: int

    @property
    def values(self) -> dict[str, Any]:
        """The header as plain values, in order."""
        return strict_yaml.plain(self.fields)

    @property
    def body(self) -> bytes:
        """The bytes after the header."""
        return self.source[self.body_start :]

    def text(self, name: str) -> str:
        """The value of a text field, or "" where it is absent or no text."""
        value = self.fields[name].value if name in self.fields else ""
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """The text items of a list field, or nothing where it is absent or no list."""
        value = self.fields[name].value if name in self.fields else []
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def line_of(self, *path: str | int) -> int:
        """The line of a field, or of an item of a list field; 1 where the field is absent."""
        if not path or (field := self.fields.get(str(path[0]))) is None:
            return 1
        if len(path) > 1 and isinstance(path[1], int) and path[1] < len(field.item_lines):
            return field.item_lines[path[1]] + 1
        return field.line + 1

    def value_span(self, name: str) -> tuple[int, int]:
        """Byte offsets of a field's value in `source`, quotes included."""
        field = self.fields[name]
        before = len(self.header[: field.value_start].encode())
        return (
            self.header_start + before,
            self.header_start + before + len(self.header[field.value_start : field.value_end].encode()),
        )


def parse(path: str, data: bytes, *, header_too: bool = True) -> GovernedDocument:
    """Read a governed document strictly; without *header_too* only the body is read.

    Raises:
        RejectedError: It is not text, has no proper frontmatter, or steps outside the allowed YAML; each finding has
            its line.
    """
    text = decode(path, data)
    first = _require_boundaries(path, text)
    # Not `frontmatter.parse`: it turns CRLF into LF, and every offset after that would be wrong.
    header, body = YAMLHandler(fm_boundary=_BOUNDARY).split(text)
    body_start = len(data) - len(body.encode())
    if (start := conflict(data[body_start:])) >= 0:
        line = data.count(b"\n", 0, body_start + start) + 1
        raise _rejected(path, rules.CONFLICT_MARKER, "a merge left both sides here", line)
    try:
        fields = strict_yaml.parse_mapping(header) if header_too else {}
    except StrictYamlError as error:
        raise _rejected(path, error.rule, error.message, error.line + 1) from None
    return GovernedDocument(
        path=path,
        source=data,
        fields=fields,
        header=header,
        header_start=first.end(),
        body_start=body_start,
    )


def readable(path: str, data: bytes | None, *, header_too: bool = True) -> GovernedDocument | None:
    """`parse`, or None where there is no such document or it cannot be read."""
    try:
        return None if data is None else parse(path, data, header_too=header_too)
    except RejectedError:
        return None


def _require_boundaries(path: str, text: str) -> re.Match[str]:
    first = _BOUNDARY.match(text)
    if first is None:
        line = text.split("\n", 1)[0].rstrip("\r")
        if line.startswith("----"):
            raise _rejected(path, rules.FRONTMATTER_BOUNDARY, "the first line is longer than `---`", 1)
        if line.startswith("---"):
            raise _rejected(path, rules.FRONTMATTER_ONE_LINE, "the header stands on the line of its `---`", 1)
        raise _rejected(path, rules.FRONTMATTER_MISSING, "there is no frontmatter", 1)
    if _BOUNDARY.search(text, first.end()) is None:
        raise _rejected(path, rules.FRONTMATTER_UNCLOSED, "the frontmatter is never closed by a line `---`", 1)
    return first


def _rejected(path: str, rule: Rule, message: str, line: int) -> RejectedError:
    fix = _HINT if rule.id.startswith("frontmatter") else Command(f"sotctl explain {rule.id}")
    return RejectedError([rule.finding(path, message, fix, line=line)])
