"""JSON with comments, read with the place of every value and edited without touching any other byte.

The standard library's parser reads the values. Comments and trailing commas are blanked out before, so that every
offset stays as it is. Source: https://code.visualstudio.com/docs/languages/json#_json-with-comments
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sotctl.export.target import TargetError

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|,(?=\s*[\]}])', re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_DEEPEST = 100
_DECODER = json.JSONDecoder(parse_constant=lambda word: _refuse(word))


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value and where it stands: `start` and `end` are character offsets, `line` is that of its key."""

    value: Any
    start: int
    end: int
    line: int
    members: dict[str, Node] = field(default_factory=dict)

    def find(self, *path: str) -> Node | None:
        """The value at a path of keys, or None."""
        node: Node | None = self
        for key in path:
            node = node.members.get(key) if node else None
        return node


def parse(text: str) -> Node:
    """Read one object.

    Raises:
        TargetError: It is no JSON object, or holds a key twice.
    """
    bare = _bare(text)
    start = _after_space(bare, 0)
    if bare[start : start + 1] != "{":
        raise TargetError("it is not a JSON object", text.count("\n", 0, start) + 1)
    try:
        node = _node(bare, start, text.count("\n", 0, start) + 1, 0)
    except json.JSONDecodeError as error:
        raise TargetError(f"it is not JSON: {error.msg}", error.lineno) from None
    if rest := bare[node.end :].strip():
        raise TargetError("text follows the end of the object", bare.count("\n", 0, bare.rindex(rest)) + 1)
    return node


def with_value(text: str, path: Sequence[str], value: Any) -> str:
    """*text* with the value at *path* replaced or added, and no other byte changed.

    Raises:
        TargetError: Something on the way to it is no object.
    """
    node = parse(text)
    for depth, key in enumerate(path):
        if not isinstance(node.value, dict):
            raise TargetError(f"`{'.'.join(path[:depth])}` is not an object", node.line)
        if key not in node.members:
            for missing in reversed(path[depth + 1 :]):
                value = {missing: value}
            return _with_member(text, node, key, value)
        node = node.members[key]
    if node.value == value and type(node.value) is type(value):
        return text
    return text[: node.start] + _rendered(text, value, _indent(text, node.start)) + text[node.end :]


def _with_member(text: str, node: Node, key: str, value: Any) -> str:
    line_end = "\r\n" if "\r\n" in text else "\n"
    outer = _indent(text, node.start)
    if not node.members:
        step = _step(text)
        inner = outer + step
        member = f"{json.dumps(key)}: {_rendered(text, value, inner)}"
        kept = text[node.start + 1 : node.end - 1].rstrip()
        return f"{text[: node.start + 1]}{kept}{line_end}{inner}{member}{line_end}{outer}{text[node.end - 1 :]}"
    last = max(node.members.values(), key=lambda member: member.end)
    first = min(node.members.values(), key=lambda member: member.start)
    is_inline = "\n" not in text[node.start : first.start]
    inner = _indent(text, first.start)
    gap = " " if is_inline else f"{line_end}{inner}"
    rendered = json.dumps(value) if is_inline else _rendered(text, value, inner)
    return f"{text[: last.end]},{gap}{json.dumps(key)}: {rendered}{text[last.end :]}"


def _rendered(text: str, value: Any, indent: str) -> str:
    """*value* as it is written in *text* behind *indent*."""
    written = json.dumps(value, indent=_step(text) or None)
    line_end = "\r\n" if "\r\n" in text else "\n"
    return written.replace("\n", f"{line_end}{indent}")


def _step(text: str) -> str:
    """One level of indentation, as the text has it."""
    found = re.search(r"\n([ \t]+)\S", text)
    return found[1] if found else "  "


def _indent(text: str, offset: int) -> str:
    """The white space at the beginning of the line of an offset."""
    start = text.rfind("\n", 0, offset) + 1
    return re.match(r"[ \t]*", text[start:])[0]  # type: ignore[index]  # it matches the empty text too


def _bare(text: str) -> str:
    """*text* with comments and trailing commas blanked out, at the same length and with the same lines."""

    def blank(match: re.Match[str]) -> str:
        token = match[0]
        return token if token.startswith('"') else re.sub(r"[^\n]", " ", token)

    once = _TOKEN.sub(blank, text)
    return _TOKEN.sub(blank, once)  # a comma may stand before a comment and the end


def _node(text: str, start: int, line: int, depth: int) -> Node:
    if depth > _DEEPEST:
        raise TargetError(f"it is nested deeper than {_DEEPEST} levels", line)
    if text[start : start + 1] != "{":
        value, end = _DECODER.raw_decode(text, start)
        return Node(value=value, start=start, end=end, line=line)
    members: dict[str, Node] = {}
    at = _after_space(text, start + 1)
    while text[at : at + 1] != "}":
        if members:
            at = _expect(text, at, ",")
        key_line = text.count("\n", 0, at) + 1
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("a key in double quotes is expected", text, at)
        key, at = _DECODER.raw_decode(text, at)
        if key in members:
            raise TargetError(f"`{key}` stands twice, in lines {members[key].line} and {key_line}", key_line)
        at = _expect(text, _after_space(text, at), ":")
        members[key] = _node(text, at, key_line, depth + 1)
        at = _after_space(text, members[key].end)
    value = {key: member.value for key, member in members.items()}
    return Node(value=value, start=start, end=at + 1, line=line, members=members)


def _expect(text: str, at: int, mark: str) -> int:
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"`{mark}` is expected", text, at)
    return _after_space(text, at + 1)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _refuse(word: str) -> Any:
    raise TargetError(f"`{word}` is not JSON")
