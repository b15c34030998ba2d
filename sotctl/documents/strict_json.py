"""Strict JSON: one object, no key twice, nothing that another reader could read differently.

Source: RFC 8259; docs/reference/admissions.md lists what is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sotctl.documents import rules
from sotctl.findings import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would cost the gate as much as running git
    from typing import Any


MAX_BYTES = 64 * 1024
DEEPEST = 8
_SPACE = re.compile(r"[ \t\n\r]*")


class StrictJsonError(Exception):
    """The bytes are not strict JSON: a rule, a sentence and a line (from 1)."""

    def __init__(self, rule: Rule, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.rule, self.message, self.line = rule, message, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of the root object; `start` and `end` are character offsets of its value, `line` that of its key."""

    value: Any
    line: int
    start: int
    end: int


def parse_object(data: bytes) -> dict[str, Member]:
    """Read one JSON object.

    Raises:
        StrictJsonError: The first thing that is not strict.
    """
    text = _decode(data)
    _refuse_depth(text)
    decoder = json.JSONDecoder(
        object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_no_number, parse_int=_small_int
    )
    try:
        root, end = decoder.raw_decode(text, _after_space(text, 0))
    except json.JSONDecodeError as error:
        raise StrictJsonError(rules.JSON_INVALID, f"not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise StrictJsonError(rules.JSON_TOO_DEEP, f"nested deeper than {DEEPEST} levels") from None
    if text[end:].strip(" \t\r\n"):
        raise StrictJsonError(rules.JSON_TRAILING, "text follows the end of the object", text.count("\n", 0, end) + 1)
    if not isinstance(root, dict):
        raise StrictJsonError(rules.JSON_NOT_OBJECT, "the root is not an object")
    try:
        json.dumps(root, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise StrictJsonError(rules.JSON_SURROGATE, "a text holds half of a surrogate pair") from None
    return _places(text, root, decoder)


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise StrictJsonError(rules.JSON_TOO_LARGE, f"larger than {MAX_BYTES // 1024} KiB")
    if not data.strip():
        raise StrictJsonError(rules.JSON_EMPTY, "the file is empty")
    if data.startswith(b"\xef\xbb\xbf"):
        raise StrictJsonError(rules.JSON_BOM, "it begins with a byte order mark")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise StrictJsonError(rules.JSON_NOT_UTF8, "this is UTF-16 or holds NUL bytes, not UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StrictJsonError(rules.JSON_NOT_UTF8, f"byte {error.start} is not UTF-8", line) from None


def _refuse_depth(text: str) -> None:
    """Count brackets outside strings, so that no nesting reaches the recursive decoder."""
    depth, in_string, escaped = 0, False, False
    for index, char in enumerate(text):
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            if depth > DEEPEST:
                line = text.count("\n", 0, index) + 1
                raise StrictJsonError(rules.JSON_TOO_DEEP, f"nested deeper than {DEEPEST} levels", line)
        elif char in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise StrictJsonError(rules.JSON_DUPLICATE_KEY, "a key stands twice in one object")
    return values


def _no_number(text: str) -> Any:
    raise StrictJsonError(rules.JSON_NUMBER, "a number, NaN or Infinity stands where none may")


def _small_int(text: str) -> int:
    return int(text) if len(text) <= 15 else _no_number(text)


def _places(text: str, root: Mapping[str, Any], decoder: json.JSONDecoder) -> dict[str, Member]:
    """Walk the root object once more, by the decoder's own steps, for the place of each value."""
    members: dict[str, Member] = {}
    at = text.index("{") + 1
    for _ in root:
        at = _skip(text, at, ",")
        key_at = at
        key, at = decoder.raw_decode(text, at)
        start = _skip(text, at, ":")
        value, at = decoder.raw_decode(text, start)
        members[key] = Member(value=value, line=text.count("\n", 0, key_at) + 1, start=start, end=at)
    return members


def _skip(text: str, at: int, separator: str) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == separator else at


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
