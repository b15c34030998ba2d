"""Recognises the keywords that no value follows, by far the most, with one expression.

Its branches are the separators that `context.given` knows, before a value that it refuses, or before none. A property
of the tests holds the two to each other.
"""

from __future__ import annotations

from sotctl.secrets.rule import lazy

_WORD = (
    rb"(?![A-Za-z]{20})(?:(?=[A-Za-z]{11})[A-Z]?[a-z]{1,18}+[A-Z][a-z]{1,18}+[A-Z][a-z]{1,18}+"
    rb"|(?=[A-Za-z]{6})[A-Z]?[a-z]{1,18}+[A-Z][a-z]{1,18}+|[A-Z]?[a-z]{1,18}+|[A-Z]{1,19}+)"
)
_PLAIN_WORD = rb"(?![A-Za-z]{20})(?:[A-Z]?[a-z]{1,18}+|[A-Z]{1,19}+)"
_PARTS = rb"(?![\-_./])(?:(?:[\-_./]{1,2}+|(?<![A-Za-z]))%b){1,10}+"
NAME = _PARTS % _WORD
"""Words and names with little camel case: too regular for `is_random` and `is_password`."""
_WORDS = _PARTS % _PLAIN_WORD
"""The same, without camel case."""
_SCHEMES = rb"bearer|basic|token|bot|apikey|digest|negotiate"
_IS = rb"(?:is|was|est|ist|es)"
_WHOLE = rb"(?!(?i:new|%b)[ \t])(?>%b)(?=[ \t\r\n<>,;|)\]}])" % (_SCHEMES, NAME)
"""An unquoted name that is the whole value."""
_CALL = rb"[A-Za-z_]\w{0,60}+(?:\.[A-Za-z_]\w{0,60}+){0,8}+\((?!\s)"
_LINE = rb"[^\"'`\r\n;]{0,120}+"
"""The rest of a line, up to a quote."""
no_value = lazy(
    rb"""[.<]?+[\w\-]{0,40}+(?:[\w\-]                        # a longer name
      |["'`)\]]{0,3}+(?:
        [ ](?:(?P<code>`)|(?!(?i:api|acc|secr|priv|d['\x80-\xff]|d[aei][ ]|(?:%(is)b|%(schemes)b)\b
          |value["']?[ \t]{0,4}[:=]|string[ \t]{1,4}=|as[ \t]{1,4}\w{3,20}[ \t]{0,4}=|(?:or|else)[ ]["'])))
          %(words)b(?(code)`|[.!?*]{0,4}+(?=[ ,;)\r\n]))     # a word of a sentence and the next
        |[ \t]{0,4}[:=,][ \t]{0,4}(?P<quote>["'`])%(name)b(?P=quote)               # key: "name"
        |[ \t]{0,4}[:=][ \t]{0,4}(?:[{\[](?=["'`\s])|[0-9]{1,5}(?=[,}\]\s]))       # key: {, key: [, key: 1
        |(?:>|[ \t]{0,4}(?:=|(?P<colon>:))|[ ]%(is)b[ ])[ \t]{0,4}%(whole)b%(line)b
          (?!(?<=[|?:/( \t])["'`]|(?(colon)(?<==)["'`]|(?!)))  # key = name, key: type; but no `|| "value"`, `= "value"`
        |[ \t]{0,4}[:=][ \t]{0,4}%(call)b%(line)b[\r\n;]     # key = f(name)
        |[ \t]{0,60}==                                       # if key == other
        |[;)\]}@!\#$%%^&~]|\((?!\s{0,4}["'])                 # f(key); key(name)
        |>[ \t]{0,4}<(?!!)|/(?!/)                            # <td class="key"></td>, key/name
        |\.(?!or[A-Z]|getOr|unwrap_or|default|with|=)        # key.name
        |,(?![ \t]{0,8}["'`\\]|[ \t]{0,4}\r?\n|\s{1,40}[\-"']{0,2}value["']?[ \t]{0,4}[:=])       # f(key, name)
        |:[ \t]{0,60}\r?\n(?![ \t]{1,40}["']|\s{0,40}[\-"']{0,2}value)             # for key in keys:
        |(?P<listed></|,?[ \t]{0,4}\r?\n(?!\s{0,40}[\-"']{0,2}value["']?[ \t]{0,4}[:=]))))        # one item a line"""
    % {
        b"words": _WORDS,
        b"is": _IS,
        b"name": NAME,
        b"whole": _WHOLE,
        b"call": _CALL,
        b"line": _LINE,
        b"schemes": _SCHEMES,
    }
)
"""Matches a keyword that no value follows. What is `listed`, one item a line, is still the value of a keyword that is
an option, such as `--token`."""
