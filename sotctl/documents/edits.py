"""Byte-exact edits: the bytes of a value change, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sotctl.documents.dates import is_like_date
from sotctl.documents.frontmatter import GovernedDocument
from sotctl.documents.strict_yaml import StrictYamlError, parse_mapping, plain

Edit = tuple[int, int, bytes]
_DATES = frozenset({"created", "last_reviewed", "review_trigger"})


def apply_edits(source: bytes, edits: Iterable[Edit]) -> bytes:
    """Replace each span `(start, end)` of *source* by its bytes.

    Raises:
        ValueError: Two spans overlap.
    """
    result, position = bytearray(), 0
    for start, end, new in sorted(edits):
        if start < position:
            raise ValueError(f"edits overlap at byte {start}")
        result += source[position:start] + new
        position = end
    return bytes(result + source[position:])


def without_fields(document: GovernedDocument, names: Iterable[str]) -> bytes:
    """The bytes of a document without the values of some fields."""
    spans = [document.value_span(name) for name in names if name in document.fields]
    return apply_edits(document.source, [(start, end, b"") for start, end in spans])


def set_field(document: GovernedDocument, name: str, value: str) -> Edit:
    """The edit that gives an existing text field another value, in the quotes it has where they still fit."""
    field = document.fields[name]
    start, end = document.value_span(name)
    if start == end:
        lead = " " if document.source[start - 1 : start] == b":" else ""
        return (start, end, f"{lead}{scalar(value)}".encode())
    return (start, end, scalar(value, style=field.style).encode())


def scalar(value: str, *, style: str = "") -> str:
    """*value* as a YAML scalar on one line: plain where it reads back as the same text, else in quotes."""
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _is_plain(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_plain(value: str) -> bool:
    if not re.fullmatch(r"[^\s\x00-\x1f\x7f\"'].*[^\s:]|[A-Za-z0-9]", value) or not value.isprintable():
        return False
    try:
        alone, in_list = (plain(parse_mapping(text)) for text in (f"k: {value}\n", f"k:\n- {value}\n"))
        return alone == {"k": value} and in_list == {"k": [value]}
    except StrictYamlError:
        return False


def header(values: Mapping[str, Any]) -> str:
    """A new frontmatter block, `---` lines included, LF line ends, one line for each text."""
    lines = ["---"]
    for name, value in values.items():
        if isinstance(value, list):
            lines += [f"{name}:", *_items(value)] if value else [f"{name}: []"]
        else:
            style = '"' if name not in _DATES and is_like_date(str(value)) else ""
            lines.append(f"{name}: {scalar(value, style=style)}")
    return "\n".join([*lines, "---", ""])


def _items(items: list[Any]) -> list[str]:
    lines: list[str] = []
    for item in items:
        if isinstance(item, dict):
            pairs = [f"{key}: {scalar(value)}" for key, value in item.items()]
            lines += [f"  - {pairs[0]}", *(f"    {pair}" for pair in pairs[1:])]
        else:
            lines.append(f"  - {scalar(item)}")
    return lines
