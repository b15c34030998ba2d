"""Reads the samples of betterleaks' rules: Go expressions that evaluate to lists of text.

It evaluates only what such expressions contain: literals, `+`, lists, maps, names assigned before, and the functions
that make samples. A rule whose samples need more is left out and counted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

_TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*.*?\*/"
    r"|(?P<raw>`[^`]*`)|(?P<text>\"(?:\\.|[^\"\\\n])*\")|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<number>-?[0-9.]+)"
    r"|(?P<sign>\.\.\.|:=|[-+(){}\[\],:=*&.;])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r"}
_CLASSES = {
    "utils.Numeric": "[0-9]{%s}",
    "utils.Hex": "[a-f0-9]{%s}",
    "utils.AlphaNumeric": "[a-z0-9]{%s}",
    "utils.AlphaNumericExtendedShort": "[a-z0-9_-]{%s}",
    "utils.AlphaNumericExtended": r"[a-z0-9=_\-]{%s}",
    "utils.AlphaNumericExtendedLong": r"[a-z0-9\/=_\+\-]{%s}",
}
_GENERATORS = ("secrets.NewSecret", "secrets.NewSecretWithEntropy", "newPlausibleSecret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A text in which a rule of the scanner finds a secret, or, if `true` is False, must find none.

    `templated` samples come from the scanner's common templates; the others were written for their rule. A `part`
    belongs to a rule that finds no secret by itself, such as an account name.
    """

    rule: str
    text: str
    path: str
    true: bool
    templated: bool
    part: bool


class _Unknown(Exception):
    """The expression cannot be evaluated."""


class _Reader:
    def __init__(self, text: str, position: int, names: dict[str, Any], forms: _Forms) -> None:
        self.text, self.position, self.names, self.forms = text, position, names, forms

    def peek(self) -> tuple[str, str, int]:
        while True:
            match = _TOKEN.match(self.text, self.position)
            if match is None:
                raise _Unknown
            if match.lastgroup is not None:
                return match.lastgroup, match.group(), match.end()
            self.position = match.end()

    def take(self, expected: str = "") -> tuple[str, str]:
        kind, value, self.position = self.peek()
        if expected and value != expected:
            raise _Unknown
        return kind, value

    def ends(self) -> bool:
        """Whether a line end comes next, which ends a Go statement."""
        rest = self.text[self.position :].lstrip(" \t")
        return rest[:1] in ("\n", "") or rest.startswith("//")

    def expression(self) -> Any:
        value = self.operand()
        while not self.ends() and self.peek()[1] == "+":
            self.take()
            value = value + self.operand()
        return value

    def listed(self, closing: str, *, pairs: bool = False) -> list[Any]:
        found: list[Any] = []
        while self.peek()[1] != closing:
            value = self.expression()
            if pairs:
                self.take(":")
                found.append((value, self.expression()))
            elif not self.ends() and self.peek()[1] == "...":
                self.take()
                found += value
            else:
                found.append(value)
            if self.peek()[1] == ",":
                self.take()
        self.take(closing)
        return found

    def operand(self) -> Any:
        kind, value = self.take()
        match kind, value:
            case "raw", _:
                return value[1:-1].replace("\r", "")
            case "text", _:
                return _ESCAPE.sub(_unescaped, value[1:-1])
            case "number", _:
                return float(value) if "." in value else int(value)
            case "sign", "[":
                self.take("]")
                self.take()
                self.take("{")
                return self.listed("}")
            case "name", "map":
                for _ in range(5):  # [string]string{
                    self.take()
                return self.listed("}", pairs=True)
            case "name", "nil":
                return []
            case "name", _ if not self.ends() and self.peek()[1] == "(":
                self.take()
                return self.forms.call(value, self.listed(")"))
            case "name", _ if value in self.names:
                return self.names[value]
        raise _Unknown


class _Forms:
    """The functions that make samples; it records which samples come from the common templates."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.forms: list[str] = []
        self.templated: set[str] = set()

    def call(self, name: str, arguments: list[Any]) -> Any:
        if name in _CLASSES:
            return _CLASSES[name] % arguments[0]
        if name in _GENERATORS:
            return generated(arguments[0], self.source)
        made: dict[str, Callable[..., Any]] = {
            "append": lambda first, *rest: [*first, *rest],
            "fmt.Sprintf": lambda form, *values: re.sub("%[svd]", "%s", form) % values,
            "strings.Repeat": lambda text, count: text * count,
            "strings.ToLower": str.lower,
            "strings.ToUpper": str.upper,
            "strings.Join": lambda texts, joint: joint.join(texts),
            "utils.GenerateSampleSecret": lambda name, secret: f'{name}_api_token = "{secret}"',
            "utils.GenerateSampleSecrets": self._in_all_forms,
        }
        if name not in made:
            raise _Unknown
        return made[name](*arguments)

    def _in_all_forms(self, name: str, secret: str) -> list[str]:
        texts = [form.replace("{i}", name).replace("{I}", name.upper()).replace("{s}", secret) for form in self.forms]
        self.templated.update(texts)
        return texts


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    return chr(int(escape[1:], 16)) if escape[0] in "xuU" and len(escape) > 1 else _PLAIN.get(escape, escape)


def generated(pattern: str, source: random.Random) -> str:
    """Return a text that *pattern* matches, the most varied of 20 tries."""
    parsed = _parser.parse(pattern.replace("(?i)", "").replace("(?i:", "(?:").replace("[[:alnum:]]", "[A-Za-z0-9]"))
    return max((_made(parsed, source) for _ in range(20)), key=lambda text: len(set(text)))


def _made(parsed: Any, source: random.Random) -> str:
    text = ""
    for operation, argument in parsed:
        if operation is _constants.LITERAL:
            text += chr(argument)
        elif operation is _constants.IN:
            text += source.choice(_members(argument))
        elif operation is _constants.ANY:
            text += source.choice("abcdefghijklmnopqrstuvwxyz0123456789")
        elif operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            low, high, inner = argument
            count = source.randint(low, max(low, min(high, 40)))
            text += "".join(_made(inner, source) for _ in range(count))
        elif operation is _constants.SUBPATTERN:
            text += _made(argument[3], source)
        elif operation is _constants.BRANCH:
            text += _made(source.choice(argument[1]), source)
    return text


def _members(choices: list[tuple[Any, Any]]) -> str:
    members = ""
    for operation, argument in choices:
        if operation is _constants.LITERAL:
            members += chr(argument)
        elif operation is _constants.RANGE:
            members += "".join(map(chr, range(argument[0], argument[1] + 1)))
        elif operation is _constants.CATEGORY:
            members += "0123456789" if argument is _constants.CATEGORY_DIGIT else "abcXYZ0123456789_"
    return members


def read_samples(config: Path, seed: int) -> tuple[list[Sample], int]:
    """Read the samples of the rules below *config*, the folder `cmd/generate/config` of betterleaks.

    Returns:
        The samples without duplicates, and how many rules were left out.
    """
    forms = _Forms(random.Random(seed))
    forms.forms = _common_forms((config / "utils" / "generate.go").read_text(), forms)
    samples: dict[Sample, None] = {}
    left_out = 0
    for path in sorted((config / "rules").glob("*.go")):
        if path.name.endswith("_test.go"):
            continue
        text = path.read_text()
        names = _assigned(text, r"^(?:var|const) (\w+) = ", {}, forms)
        for function in re.finditer(r"^func \w+\(\) \*config\.Rule \{\n(.*?)^\}$", text, re.MULTILINE | re.DOTALL):
            found = _of_rule(function[1], names, forms)
            left_out += not found
            samples.update(dict.fromkeys(found))
    return list(samples), left_out


def _common_forms(source: str, forms: _Forms) -> list[str]:
    start = source.index("samples := map[string]string{")
    pairs = _Reader(source, start + len("samples := "), {}, forms).expression()
    return [form for _, form in pairs]


def _assigned(text: str, start: str, names: dict[str, Any], forms: _Forms) -> dict[str, Any]:
    known = dict(names)
    for match in re.finditer(start, text, re.MULTILINE):
        try:
            known[match[1]] = _Reader(text, match.end(), known, forms).expression()
        except (_Unknown, TypeError, ValueError):
            continue
    return known


def _of_rule(body: str, names: dict[str, Any], forms: _Forms) -> list[Sample]:
    """The samples of one rule, or none if they cannot be evaluated."""
    known = _assigned(body, r"^\t(?:const |var )?(\w+) :?= (?!config\.Rule)", names, forms)
    name = re.search(r'ID:\s*"([^"]+)"', body)
    end = re.search(r"Validate(?:WithPaths)?\(\s*r,", body)
    if name is None or end is None:
        return []
    try:
        reader = _Reader(body, end.end(), known, forms)
        true = reader.expression()
        reader.take(",")
        lists = ((True, true), (False, reader.expression()))
    except (_Unknown, TypeError, ValueError):
        return []
    return [
        Sample(
            rule=name[1],
            true=kind,
            part="SkipReport:" in body,
            templated=entry in forms.templated,
            path=entry[0] if isinstance(entry, tuple) else "",
            text=entry[1] if isinstance(entry, tuple) else entry,
        )
        for kind, entries in lists
        for entry in entries
    ]
