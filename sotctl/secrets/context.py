"""Finds the value of a key whose name says that it is secret.

The key may be in JSON, YAML, TOML, an environment file, an INI file, XML, HCL, code, a header, a query, a command line
or a table. The steps are the same: start at a keyword such as `token`, find the whole name, the separator and the
value, then check name and value together.
"""

from __future__ import annotations

import functools

from sotctl.secrets.catalogue import claims
from sotctl.secrets.names import Strength, strength
from sotctl.secrets.no_value import NAME, no_value
from sotctl.secrets.passwords import is_password
from sotctl.secrets.published import is_published
from sotctl.secrets.rule import lazy
from sotctl.secrets.values import (
    irregularity,
    is_address,
    is_cut_web_token,
    is_digest,
    is_encoded_stand_in,
    is_hexadecimal,
    is_named_digest,
    is_placeholder,
    is_random,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from sotctl.secrets.rule import Spans

_LEAST = {Strength.WEAK: 20, Strength.SERVICE: 16, Strength.SECRET: 12}
_PUBLIC = (b"-----BEGIN PUB", b"-----BEGIN CERT", b"ssh-rsa ", b"ssh-ed25519 ", b"ssh-dss ", b"ecdsa-sha2-", b"sk-ssh-")
_VERBS = (b"is", b"was", b"est", b"ist", b"es")
_FEWEST_BYTES = 6
"""Shorter values are not reported as passwords."""

_NAME_BYTES = bytes(range(128, 256)) + b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.$"

# Possessive (`+`) for speed: half of all keywords are not followed by a value.
_REST = lazy(
    rb"""[.<]?+(?:[\w\-]|[\xc3-\xdf][\x80-\xbf]
      |[\xe0-\xef](?!\x80\xaf|\xbc\x9a|\x86\x92)[\x80-\xbf]{2}){0,40}+   # the rest of the name, in any script
    (?:[ ](?:d['\x80-\xff]{1,3}|d[aei][ ])?(?:api|API|acc|secr|priv)[a-z\x80-\xff]{0,8}+)?   # clave de acceso
    (?:\[[0-9"'\w]{0,8}\])?
    (?:\\{0,3}["'`]|\*\*|\]|\)){0,3}+                         # what closes it
    (?P<separator>:[ \t]{1,4}[|>][+\-]?\r?\n[ \t]{1,40}     # key: | and the value below
      |\??:[ \t]{0,4}(?:&(?:'\w{1,12}[ ])?)?[A-Za-z][\w.\[\]|?<>, ]{0,40}?[ \t]{0,4}=[ \t]{0,4}(?=["'`])   # key: str =
      |[ \t]{1,4}[Aa]s[ \t]{1,4}\w{3,20}[ \t]{0,4}=[ \t]{0,4}(?=")   # Const key As String = "value"
      |[ \t]{0,4}(?:(?:\|\||\?\?|\?:|//|:-)[ \t]{0,4}(?=["'`])|(?<=["')\] ])(?:or|else)[ ](?=["']))  # getenv("key") or
      |\.(?:or[A-Z]|getOr|unwrap_or|default|with)\w{0,12}\(\s{0,8}(?:\|_?\|[ ]?)?(?=["'`])   # key.orElse("value")
      |[ \t]{0,4}\{\s{0,20}(?=["'`])                          # key{"value"}, fetch("key") { "value" }
      |[ \t]{0,60}(?:\xc2\xa0|\xe2\x80\xaf)?
        (?:=>|<-|:{1,3}=|[?.+]=|\|\|=|==?|:-?(?:[*_`~]{1,3}(?=[ ])|</\w{1,8}>)?|\||\xef\xbc\x9a|\xe2\x86\x92)
        [ \t]{0,60}(?:\\?\r?\n[ \t]{1,40}(?=["'])   # key = value
        |(?:(?:new[ ])?(?:std::)?(?:[sS]tr(?:ing)?(?:::from)?|SecretStr(?:ing)?|Some|Ok|bytes))?\(\s{0,60}(?=["'`]))?
      |[ \t]{1,4}[*&]?string[ \t]{1,4}=[ \t]{0,4}(?=["`])    # var key string = "value", as Go writes it
      |[ \t]{0,4},[ \t]{0,8}(?=["'`\\])                   # set("key", "value")
      |(?:[ \t]{1,4}[\w:.\-]{1,40}=(?:"[^"<>\r\n]{0,80}"|'[^'<>\r\n]{0,80}')){0,4}   # <key kind="x">value
        >[ \t]{0,4}(?:\r?\n[ \t]{1,40})?
      |["']?[ \t]{1,4}value[ \t]{0,2}=[ \t]{0,2}          # name="key" value="value"
      |["']?[:,]?\s{1,40}[\-"']{0,2}value["']?[ \t]{0,4}[:=][ \t]{0,4}   # name: key, newline, value: value
      |["']?[ \t]{0,4}\{[^{}]{0,200}?\bdefault[ \t]{0,8}=[ \t]{0,4}   # variable "key" { default = "value"
      |\(\s{0,4}(?=["'])                                  # key("value")
      |(?:,?[ \t]{0,4}\r?\n[ \t]{0,80}(?:-[ \t]{1,4})?|</\w{1,20}>\s{0,40}<\w{1,20}>)(?=["'`\w])   # a list, one a line
      |[ \t]{1,4}(?:is|was|est|ist|es)[ \t]{1,4}:?            # the key is value
      |[ \t]{1,40}                                        # --key value, key value in netrc
    )
    (?P<prefix>(?:[!&*@$]|[a-zA-Z]{0,2}8?\#{0,2})(?=["'])
      |(?:[Bb]earer|BEARER|[Bb]asic|[Tt]oken|[Bb]ot|(?i:apikey)(?:-v1)?|[Dd]igest|[Nn]egotiate)[ \t]{1,4})?
    (?P<quote>\\{0,3}["'`]{1,3}|\*\*|<!\[CDATA\[)?
    (?P<value>(?:[^\s"'`<>\\|\x00-\x1f]|\\(?![nrt"'\\]))[^\r\n\x00]{2})""",
)
_VALUE_BYTES = 2048
_DEFAULT = lazy(
    rb"""[^"'`\r\n;]{0,80}?(?:\|\||\?{1,2}:?|//|[ ](?:or|else)[ ]|\.(?:or[A-Z]|getOr|unwrap_or)\w{0,12}\()[ \t]{0,4}
    (?P<quote>["'`])(?P<value>[^"'`\s]{6,400})(?P=quote)"""
)
"""The fallback after a name or a call: `?? "value"` in `process.env.KEY ?? "value"`."""
_NAMES = lazy(NAME + rb"(?P<stop>[.!?*]{0,4}+)")
_TWO_WORDS = (b"api ", b"access ", b"secret ", b"private ", b"auth ", b"mot de ", b"mots de ", b"palavra ", b"kata ")
_BARE_END = lazy(rb"""[\s"'`<>,;|)\]}\x00-\x1f\x7f]|&(?!&)|=(?=[A-Za-z])|\\[nrt"'\\]|\*\*|\#\{""")
_CODE = lazy(rb"""^[A-Za-z_$][\w$]{0,60}(?:(?:\.|->|::)[A-Za-z_$][\w$]{0,60}){0,8}(?:[(\[].{0,200})?$""")


def find(data: bytes, position: int) -> Spans:
    """Return the span of the value whose key has a keyword at *position*, if name and value look secret."""
    nothing = no_value().match(data, position)
    if nothing and (nothing["listed"] is None or not _head(data, position)[1].startswith(b"-")):
        return ()
    return given(data, position)


def given(data: bytes, position: int) -> Spans:
    """Like `find`, without its quick test for keywords that no value follows."""
    match = _REST().match(data, position)
    if match is None:
        return ()
    outside, head = _head(data, position)
    if outside.endswith(b":") and (outside.endswith(b"::") or match["separator"] == b":"):
        return ()  # the name of a type (`AWS::ApiGateway::ApiKey`), or part of an ARN or URN
    if match["separator"].strip().startswith(b"==") or (_is_listed(match["separator"]) and not head.startswith(b"-")):
        return ()
    value_start = match.start("value")
    quote = match["quote"] or b""
    end = _name_end(data, value_start, quote)
    if end >= 0:
        bare = not quote or quote == b"**"
        return _default(data, end, _force(data, position, head, match)) if bare and match["separator"].strip() else ()
    end = _value_end(data, value_start, quote)
    if end - value_start < _FEWEST_BYTES:
        return ()
    value = data[value_start:end]
    if data.startswith((b"...", b"\xe2\x80\xa6"), end):  # abbreviated by the author
        return ()
    force = _force(data, position, head, match)
    if force is Strength.NONE or not _separates(match["separator"], head, value, force, data, position):
        return ()
    literal = bool(quote) or (match["separator"].strip().endswith(b">") and data.startswith(b"</", end))
    if convinces(value, force, quoted=literal, separator=match["separator"]):
        return ((value_start, end),)
    return () if quote or not match["separator"].strip() else _default(data, value_start, force)


def _head(data: bytes, position: int) -> tuple[bytes, bytes]:
    """Return what stands before the name that has a keyword at *position*, and the part of the name before it."""
    before = data[max(0, position - 80) : position]
    outside = before.rstrip(_NAME_BYTES)
    return outside, before[len(outside) :]


def _is_listed(separator: bytes) -> bool:
    """Whether *separator* stands between two items of a list, one a line or each in a tag of its own."""
    return separator.startswith(b"</") or (b"\n" in separator and not separator.strip(b" \t\r\n,-"))


def _force(data: bytes, position: int, head: bytes, match: re.Match[bytes]) -> int:
    """The strength of a name; *head* is the part of it before *position*."""
    if not head:
        before = data[max(0, position - 24) : position].lower()
        if before.endswith(_TWO_WORDS):
            head = next(word.replace(b" ", b"_") for word in _TWO_WORDS if before.endswith(word))
    return strength(head + data[position : match.start("separator")].rstrip(b"\"'`]*)\\"))


def _default(data: bytes, start: int, force: int) -> Spans:
    """Return the span of the fallback value for the expression at *start*, if it looks secret."""
    if force is Strength.NONE:
        return ()
    match = _DEFAULT().match(data, start)
    if match and convinces(match["value"], force, quoted=True, separator=b"or"):
        return (match.span("value"),)
    return ()


def _name_end(data: bytes, start: int, quote: bytes) -> int:
    """Return where the value ends if it is a plain word or name, which is never a secret; else -1."""
    match = _NAMES().match(data, start)
    if match is None:
        return -1
    end = match.end()
    if quote and quote != b"**":
        closed = not match["stop"] and quote[:1] not in b"\\<" and data.startswith(quote[-1:], end)
        return end if closed else -1
    return end if data[end : end + 1] in _ENDS else -1


_ENDS = (*(bytes((byte,)) for byte in b" \t\r\n\"'`<>,;|)]}"), b"")


def _line_end(data: bytes, start: int) -> int:
    """Return the end of the line at *start*, or of the part of it that is searched for the value."""
    limit = min(len(data), start + _VALUE_BYTES)
    for mark in (b"\n", b"\r", b"\0"):
        place = data.find(mark, start, limit)
        limit = place if place >= 0 else limit
    return limit


def _value_end(data: bytes, start: int, quote: bytes) -> int:
    if quote and quote != b"**":
        closing = b"]]>" if quote.startswith(b"<") else quote[-1:]
        escaped = quote.startswith(b"\\")
        limit = _line_end(data, start) + 1
        end = data.find(b"\\" if escaped and closing in b"\"'`" else closing, start, limit)
        if end >= 0:
            return end
    limit = min(len(data), start + _VALUE_BYTES)
    bare = _BARE_END().search(data, start, limit)
    end = bare.start() if bare else limit
    return start + len(data[start:end].rstrip(b".:!?*"))


def _separates(separator: bytes, head: bytes, value: bytes, force: int, data: bytes, position: int) -> bool:
    """Whether *separator* assigns *value* to the key. Blanks do so after `--key`, in netrc, and before random text."""
    if _is_listed(separator):
        return True  # the argument of an option
    passes = not head and data[position : position + 5].lower() in (b"pass ", b"pass\t")  # the verb "to pass"
    if passes and separator.strip().isalpha():
        return False
    if separator.strip(b" \t\r\n").endswith(b">") and not separator.strip().startswith((b"=", b"-", b":")):
        return b"<" in data[max(0, position - 120) : position]  # XML rather than a comparison
    if separator.strip():
        return separator.strip(b" \t:") not in _VERBS or force == Strength.SECRET
    if head.startswith(b"-") or (
        force >= Strength.SECRET and is_random(value, least=20) and irregularity(value) >= 0.2
    ):
        return True
    line = data[max(0, position - 200) : position].rsplit(b"\n", 1)[-1]
    if (
        force == Strength.PASSWORD
        and not passes
        and not line.strip(_NAME_BYTES + b" \t")
        and irregularity(value) >= 0.3
    ):
        return True
    return b"login " in line or (not line.strip() and data[max(0, position - 200) : position].rfind(b"login ") >= 0)


def _is_literal(value: bytes, separator: bytes) -> bool:
    """Whether *value* is an unquoted literal, as in an environment file or YAML, not a name or a call in code."""
    if b"(" in value or b"[" in value or (b"." in value and irregularity(value) < 0.25):
        return False
    if is_random(value, least=20):
        return True
    if not value.isalnum():
        return irregularity(value) >= 0.25 and not value.translate(None, _NAME_BYTES)
    return separator in (b"=", b":", b": ", b">") or not separator.strip() or irregularity(value) >= 0.25


@functools.lru_cache(maxsize=2048)
def convinces(value: bytes, force: int, *, quoted: bool, separator: bytes) -> bool:
    """Whether *value* is a secret, given *force*, the `Strength` of its key's name."""
    if len(value) > 2000 or b"..." in value or is_encoded_stand_in(value):
        return False
    if (not quoted and value[:1] in b"([{") or value.startswith(_PUBLIC):
        return False
    if not quoted and _CODE().match(value) and not _is_literal(value, separator):
        return False
    if is_published(value) or is_cut_web_token(value) or is_address(value):
        return False
    if force == Strength.PASSWORD:
        return is_password(value)
    if is_digest(value):
        bare = value[:3].lower() not in (b"sha", b"md5") and not is_placeholder(value)
        return bare and force >= Strength.SERVICE and len(value) in (32, 36, 40, 64, 96, 128)
    if force >= Strength.SERVICE and is_hexadecimal(value):
        return not is_placeholder(value)
    if force < Strength.SECRET and is_digest(value[:36]) and not is_random(value[36:], least=12):
        return False  # a UUID followed by a word is an identifier, as a bare UUID is
    if force == Strength.WEAK and is_named_digest(value):
        return False
    return is_random(value, least=_LEAST[force]) and claims().match(value) is None
