"""Secrets in declarations of constants, options and attributes, where other words separate the name from the value."""

from __future__ import annotations

import functools
import re

from sotctl.secrets.context import convinces
from sotctl.secrets.names import Strength, strength
from sotctl.secrets.rule import SecretRule, escaped, lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import Spans

_QUOTE, _IN_QUOTES = r"[\"']", r"[^\"'\s\\]"
_FORMS = (  # the keyword, the text up to the value, the characters of the value, what ends it
    ("default", r"(?:_?[vV]alue)?[\"']?\s{0,4}[:=]\s{0,4}[a-z]{0,2}" + _QUOTE, _IN_QUOTES, _QUOTE),
    ("sensitive", r"\(" + _QUOTE, _IN_QUOTES, _QUOTE),
    ("u8", " = " + _QUOTE, _IN_QUOTES, _QUOTE),
    ("constant", " String := " + _QUOTE, _IN_QUOTES, _QUOTE),
    ("lazy", r" \{ " + _QUOTE, _IN_QUOTES, _QUOTE),
    ("content", "=" + _QUOTE, _IN_QUOTES, _QUOTE),
    ("value", " " + _QUOTE, _IN_QUOTES, _QUOTE),
    ("some(", _QUOTE, _IN_QUOTES, _QUOTE),
    ("; } = ", _QUOTE, _IN_QUOTES, _QUOTE),
    ("defparameter", r" {1,4}\*[\w.\-]{2,60}\* {1,4}\"", _IN_QUOTES, r"\""),
    ("buildconfigfield", r"[( ]{1,2}[\"']\w{1,20}[\"'], ?[\"'][\w.\-]{2,60}[\"'], ?[\"']\\{0,2}[\"']?", _IN_QUOTES, r"\\{0,2}[\"']"),
    ("resvalue", r"[( ]{1,2}[\"']\w{1,20}[\"'], ?[\"'][\w.\-]{2,60}[\"'], ?[\"']", _IN_QUOTES, r"[\"']"),
    ("local", r" [\w.]{2,60} = \[\[", r"[^\]\s]", r"\]\]"),
    ('<<"', "", r"[^\"\s\\]", r"\">>"),
    ("= q(", "", r"[^)\s\\]", r"\)"),
    ("= q{", "", r"[^}\s\\]", r"\}"),
    ("!!str ", "", r"[^\s\"'#&*]", r"(?=\s|\Z)"),
    (": &", r"[\w\-]{1,30} ", r"[^\s\"'#&*]", r"(?=\s|\Z)"),
)


def _near() -> str:
    return "|".join(f"{escaped(keyword)}{before}{value}{{6}}" for keyword, before, value, _ in _FORMS)


_FORM = functools.cache(lambda: re.compile("|".join(f"(?i:{escaped(keyword)}){before}({value}{{6,400}}){after}" for keyword, before, value, after in _FORMS).encode()))
_WORD = lazy(rb"[\w.\-]{2,80}")
_BEFORE_BYTES = 120
_MARKS, _MARKED_BYTES = b"\"'=([{&!<", 80
"""Every form has one of these marks within so many bytes from where its keyword begins."""


def _find(data: bytes, position: int) -> Spans:
    """Return the value of the declaration with the keyword at *position*, if one of the six words before it names a secret."""
    follows = data[position : position + _MARKED_BYTES]
    if len(follows.translate(None, _MARKS)) == len(follows):  # a word of prose, as most are
        return ()
    match = _FORM().match(data, position)
    if match is None or match.lastindex is None:
        return ()
    start, end = match.span(match.lastindex)
    line = data.rfind(b"\n", max(0, start - _BEFORE_BYTES), start) + 1 or max(0, start - _BEFORE_BYTES)
    force = max(map(strength, _WORD().findall(data, line, start)[-6:]), default=Strength.NONE)
    held = force > Strength.SERVICE and convinces(data[start:end], force, quoted=True, separator=b"=")
    return ((start, end),) if held else ()


_TOKEN = "a8F3kQ9zL2" * 2
_PASSWORD = "h7Kq2" + "mZ9vX4p"

RULES = (
    SecretRule(
        id="declared-secret",
        loose=True,
        summary="value in a declaration that names a secret",
        source="https://cwe.mitre.org/data/definitions/798.html",
        keywords=tuple(keyword for keyword, *_ in _FORMS),
        fold=True,
        find=_find,
        near=_near,
        matches=(
            'parser.add_argument("--api-key", default="' + _TOKEN + '")',
            "String.fromEnvironment('API_KEY', defaultValue: '" + _TOKEN + "')",
            'val apiKey: Option[String] = Some("' + _TOKEN + '")',
            "password => Sensitive('" + _PASSWORD + "'),",
            'public string ApiKey { get; set; } = "' + _TOKEN + '";',
            'const api_key: []const u8 = "' + _TOKEN + '";',
            '<meta name="api-token" content="' + _TOKEN + '">',
            '(defparameter *api-key* "' + _TOKEN + '")',
            'buildConfigField "String", "API_KEY", "\\"' + _TOKEN + '\\""',
            "local api_key = [[" + _TOKEN + "]]",
            '{password, <<"' + _PASSWORD + '">>}',
            "my $password = q(" + _PASSWORD + ");",
            "password: &pw " + _PASSWORD,
            "password: !!str " + _PASSWORD,
        ),
        misses=(
            'add_argument("--api-key", default="none")',
            'add_argument("--name", default="' + _TOKEN + '")',
            "password: &anchor",
            'field(default="' + _TOKEN + '")',
            '<meta name="csrf-token" content="' + _TOKEN + '">',
            "const auto &token : &list_of_tokens2",
        ),
    ),
)
