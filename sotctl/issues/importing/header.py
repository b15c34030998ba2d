"""The header of a record: YAML or TOML between two lines, as MADR 3 and 4, Jekyll and Hugo have it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

_EDGE = re.compile(r"(?:---|\.\.\.)[ \t]*")
_TOML_EDGE = re.compile(r"\+\+\+[ \t]*")
_KEY = re.compile(r"""["']?([^\W\d][\w .()/-]*?)["']?[ \t]*[:=](?:[ \t]+|$)(.*)""")

_TIGHT_KEY = re.compile(r"([^\W\d][\w-]*):(?!//)(\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of a file: its lines as written, its values as text, and the number of the body's first line."""

    language: str = ""
    written: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    first_line: int = 1
    body_line: int = 1

    def line_of(self, name: str) -> int:
        """The line of the file where a key stands."""
        for number, line in enumerate(self.written.split("\n"), self.first_line):
            if (match := _KEY.match(line)) and match[1] == name:
                return number
        return self.first_line


def split_header(text: str) -> tuple[Header, str]:
    """The header and the body of a text with LF line ends; text between two rules that is no header stays body."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Header(), text
    for edge, language in ((_EDGE, "yaml"), (_TOML_EDGE, "toml")):
        if not edge.fullmatch(lines[first]) or lines[first].startswith("..."):
            continue
        last = next((number for number in range(first + 1, len(lines)) if edge.fullmatch(lines[number])), None)
        if last is None:
            continue
        written = "\n".join(lines[first + 1 : last])
        values = _values(written, language)
        if values is not None:
            header = Header(language=language, written=written, values=values, first_line=first + 2, body_line=last + 2)
            return header, "\n".join(lines[last + 1 :])
    return Header(), text


def _values(written: str, language: str) -> dict[str, str] | None:
    """The values of a header by key, or None where the lines are no header."""
    if not written.strip():
        return {}
    if re.search(r"(?<!\S)&\S", written):
        return _by_lines(written)  # an anchor may stand for more text than there is memory
    try:
        found: Any = tomllib.loads(written) if language == "toml" else yaml.load(written, yaml.BaseLoader)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError):
        return _by_lines(written)
    if not isinstance(found, dict):
        return _by_lines(written, _TIGHT_KEY) if isinstance(found, str) else None
    return {str(key): _as_text(value) for key, value in found.items()}


def _by_lines(written: str, form: re.Pattern[str] = _KEY) -> dict[str, str] | None:
    """The values of a header that is not quite YAML, such as `title: ADR-1: Use git` or `tag:web`."""
    values: dict[str, str] = {}
    for line in written.split("\n"):
        if match := form.match(line):
            values.setdefault(match[1], match[2].strip().strip("\"'"))
        elif line.strip() and not values and not line.lstrip().startswith("#"):
            return None
    return values or None


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_as_text(item)}" if item else str(key) for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_as_text(item) for item in value)
    return str(value)
