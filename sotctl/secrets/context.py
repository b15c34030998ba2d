"""Finds the value that is given to a key whose name says that it is secret.

The name may stand in JSON, YAML, TOML, an environment, an INI file, XML, HCL, code, a header, a query, a command line
or a table; the steps are the same: from the telling word find the whole name, the separator and the value, then judge
name and value together.
"""

from __future__ import annotations

from sotctl.secrets.catalogue import claims
from sotctl.secrets.names import Strength, strength
from sotctl.secrets.published import is_published
from sotctl.secrets.rule import lazy
from sotctl.secrets.values import (
    irregularity,
    is_cut_web_token,
    is_digest,
    is_encoded_stand_in,
    is_password,
    is_placeholder,
    is_random,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import Spans

_FEWEST_BYTES = 6
"""A shorter value is no password that anybody would miss."""

_NAME_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.$"

# The name and what closes it are not given back (`+`): half of all words that tell are followed by no value.
_REST = lazy(
    rb"""[.<]?+[\w\-]{0,40}+                              # the rest of the name
    (?:\[[0-9"'\w]{0,8}\])?
    (?:\\{0,3}["'`]|\*\*|\]|\)){0,3}+                         # what closes it
    (?P<separator>:[ \t]{1,4}[|>][+\-]?\r?\n[ \t]{1,40}     # key: | and the value below
      |\??:[ \t]{0,4}[A-Za-z][\w.\[\]|?<>, ]{0,40}?[ \t]{0,4}=[ \t]{0,4}(?=["'`])   # key: str = "value"
      |[ \t]{0,20}(?:=>|:{1,3}=|[?.+]=|\|\|=|==?|:|\|)[ \t]{0,20}(?:\r?\n[ \t]{1,40}(?=["']))?   # key = value
      |[ \t]{1,4}[*&]?string[ \t]{1,4}=[ \t]{0,4}(?=["`])    # var key string = "value", as Go writes it
      |[ \t]{0,4},[ \t]{0,8}(?=["'`\\])                   # set("key", "value")
      |(?:[ \t]{1,4}[\w:.\-]{1,40}=(?:"[^"<>\r\n]{0,80}"|'[^'<>\r\n]{0,80}')){0,4}   # <key kind="x">value
        >[ \t]{0,4}(?:\r?\n[ \t]{1,40})?
      |["']?[ \t]{1,4}value[ \t]{0,2}=[ \t]{0,2}          # name="key" value="value"
      |["']?[:,]?\s{1,40}[\-"']{0,2}value["']?[ \t]{0,4}[:=][ \t]{0,4}   # name: key, newline, value: value
      |["']?[ \t]{0,4}\{[^{}]{0,200}?\bdefault[ \t]{0,8}=[ \t]{0,4}   # variable "key" { default = "value"
      |\(\s{0,4}(?=["'])                                  # key("value")
      |[ \t]{1,4}(?:is|was)[ \t]{1,4}:?                   # the key is value
      |[ \t]{1,8}                                         # --key value, key value in netrc
    )
    (?P<prefix>[!&*]?[a-zA-Z]{0,2}(?=["'])|(?i:bearer|basic|token|bot|apikey(?:-v1)?|digest|negotiate)[ \t]{1,4})?
    (?P<quote>\\{0,3}["'`]{1,3}|\*\*|<!\[CDATA\[)?
    (?P<value>(?:[^\s"'`<>\\|]|\\(?![nrt"'\\]))[^\r\n]{2,2047})""",
)
_WORD = (
    rb"(?![A-Za-z]{20})(?:(?=[A-Za-z]{11})[A-Z]?[a-z]{1,18}+[A-Z][a-z]{1,18}+[A-Z][a-z]{1,18}+"
    rb"|(?=[A-Za-z]{6})[A-Z]?[a-z]{1,18}+[A-Z][a-z]{1,18}+|[A-Z]?[a-z]{1,18}+|[A-Z]{1,19}+)"
)
_NAMES = lazy(rb"%b(?:[\-_./]{1,2}+%b){0,9}+(?P<stop>[.!?*]{0,4}+)" % (_WORD, _WORD))
"""Words and names of few humps, of which less than a fifth of the steps go up: `is_random` and `is_password` ask for
more."""
_TWO_WORDS = tuple(
    word + b" "
    for kind in (b"api", b"access", b"secret", b"private", b"auth")
    for word in (kind, kind.title(), kind.upper())
)
_BARE_END = lazy(rb"""[\s"'`<>,;|)\]}]|&(?!&)|=(?=[A-Za-z])|\\[nrt"'\\]|\*\*|\#\{""")
_CODE = lazy(rb"""^[A-Za-z_$][\w$]{0,60}(?:(?:\.|->|::)[A-Za-z_$][\w$]{0,60}){0,8}(?:[(\[].{0,200})?$""")


def find(data: bytes, position: int) -> Spans:
    """Return the span of the value whose key's telling word stands at *position*, if both name and value convince."""
    match = _REST().match(data, position)
    if match is None:
        return ()
    head = data[max(0, position - 80) : position]
    outside = head.rstrip(_NAME_BYTES)
    head = head[len(outside) :]
    if outside.endswith(b":") and (outside.endswith(b"::") or match["separator"] == b":"):
        return ()  # the name of a type (`AWS::ApiGateway::ApiKey`), or part of an ARN or URN
    value_start = match.start("value")
    quote = match["quote"] or b""
    if _is_name(data, value_start, quote):
        return ()
    end = _value_end(data, value_start, match.end("value"), quote)
    if end - value_start < _FEWEST_BYTES:
        return ()
    value = data[value_start:end]
    if data.startswith(b"...", end):  # cut short by whoever wrote it down
        return ()
    before = data[max(0, position - 24) : position]
    if not head and before.endswith(_TWO_WORDS):
        head = before.split()[-1] + b"_"
    name = head + data[position : match.start("separator")].rstrip(b"\"'`]*)\\")
    force = strength(name)
    if force is Strength.NONE or not _separates(match["separator"], head, value, force, data, position):
        return ()
    literal = bool(quote) or (match["separator"].strip().endswith(b">") and data.startswith(b"</", end))
    if _convinces(value, force, quoted=literal, separator=match["separator"]):
        return ((value_start, end),)
    return ()


def _is_name(data: bytes, start: int, quote: bytes) -> bool:
    """Tell at once what most values are, words and names: too short to be random, and no password either."""
    match = _NAMES().match(data, start)
    if match is None:
        return False
    end = match.end()
    if quote and quote != b"**":
        return not match["stop"] and quote[:1] not in b"\\<" and data.startswith(quote[-1:], end)
    return data[end : end + 1] in _ENDS


_ENDS = (*(bytes((byte,)) for byte in b" \t\r\n\"'`<>,;|)]}"), b"")


def _value_end(data: bytes, start: int, limit: int, quote: bytes) -> int:
    if quote and quote != b"**":
        closing = b"]]>" if quote.startswith(b"<") else quote[-1:]
        escaped = quote.startswith(b"\\")
        end = data.find(b"\\" if escaped and closing in b"\"'`" else closing, start, limit + 1)
        if end >= 0:
            return end
    bare = _BARE_END().search(data, start, limit)
    end = bare.start() if bare else limit
    return start + len(data[start:end].rstrip(b".:!?*"))


def _separates(separator: bytes, head: bytes, value: bytes, force: int, data: bytes, position: int) -> bool:
    """Tell whether *separator* ties *value* to a key: blanks do behind `--key`, in netrc, before random text."""
    if separator.strip():
        return not separator.strip().startswith(b"==") and (
            separator.strip() not in (b"is", b"was") or force == Strength.SECRET
        )
    if head.startswith(b"-") or (
        force >= Strength.SECRET and is_random(value, least=20) and irregularity(value) >= 0.2
    ):
        return True
    line = data[max(0, position - 200) : position].rsplit(b"\n", 1)[-1]
    if force == Strength.PASSWORD and not line.strip(_NAME_BYTES + b" \t") and irregularity(value) >= 0.3:
        return True
    return b"login " in line or (not line.strip() and data[max(0, position - 200) : position].rfind(b"login ") >= 0)


def _is_literal(value: bytes, separator: bytes) -> bool:
    """Tell a bare literal, as in an environment or in YAML, from a name or a call in code."""
    if b"(" in value or b"[" in value or (b"." in value and irregularity(value) < 0.25):
        return False
    if is_random(value, least=20):
        return True
    if not value.isalnum():
        return irregularity(value) >= 0.25 and not value.translate(None, _NAME_BYTES)
    return separator in (b"=", b":", b": ", b">") or not separator.strip() or irregularity(value) >= 0.25


def _convinces(value: bytes, force: int, *, quoted: bool, separator: bytes) -> bool:
    if len(value) > 2000 or b"..." in value or is_encoded_stand_in(value):
        return False
    if (not quoted and value[:1] in b"([{") or value.startswith((b"-----BEGIN PUB", b"-----BEGIN CERT")):
        return False
    if not quoted and _CODE().match(value) and not _is_literal(value, separator):
        return False
    if is_published(value) or is_cut_web_token(value):
        return False
    if force == Strength.PASSWORD:
        return is_password(value)
    if is_digest(value):
        bare = value[:3].lower() not in (b"sha", b"md5") and not is_placeholder(value)
        return bare and force == Strength.SECRET and len(value) in (32, 36, 40, 64, 96, 128)
    if force == Strength.WEAK and is_digest(value[:36]) and not is_random(value[36:], least=12):
        return False  # a UUID with a word behind it is an identifier as a bare one is
    return is_random(value, least=12 if force == Strength.SECRET else 20) and claims().match(value) is None
