"""Finds passwords in configuration files, which are recognised by their names.

Without a file name, `password = maple.river42` could be code that copies a field; in a `.conf` file it is a setting.
"""

from __future__ import annotations

from sotctl.secrets.context import convinces
from sotctl.secrets.names import Strength, strength
from sotctl.secrets.passwords import is_password
from sotctl.secrets.rule import SecretRule, lazy
from sotctl.secrets.values import is_encoded_stand_in, is_placeholder, is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    Span = tuple[int, int, SecretRule, bool]

RULE = SecretRule(
    id="configured-secret",
    loose=True,
    summary="password in a configuration file",
    keywords=(),
    source="https://man7.org/linux/man-pages/dir_section_5.html",
)

_ENDINGS = (
    *(".conf", ".cnf", ".cfg", ".ini", ".properties", ".env", ".toml", ".yml", ".yaml", ".sls", ".tfvars"),
    *("rc", "config", "credentials", "profile", ".hcl", ".service", ".ldif", ".nmconnection"),
)
_LINE = lazy(
    rb"""(?mi)^[ \t]{0,40}(?:export[ \t]{1,4}|-[ \t]{1,4}|[\w.\-]{1,60}[ \t]{1,8}(?=[\w.\-]{0,60}passw))?
    ["']?(?P<name>[\w.\-]{0,60}(?:pass|pwd|pw|psk|masterauth)[\w.\-]{0,40})["']?
    (?:[ \t]{0,20}(?:=>|=|:)[ \t]{0,20}|[ \t]{1,20})
    (?P<quote>["']?)(?P<secret>[^\s"'`;,(){}]{6,200})(?P=quote)[ \t]{0,20};?[ \t]{0,20}\r?$"""
)
_ALSO = frozenset(b"psk wpa_psk masterauth rootpw bindpw wpa_passphrase remotepass localpass".split())
_TELLING = (b"pass", b"pwd", b"pw", b"psk", b"masterauth")


def _is_chosen(value: bytes) -> bool:
    return len(value) >= 6 and len(set(value)) >= 4 and not is_placeholder(value) and not is_reference(value)


_PPP = lazy(rb"""(?m)^[^\s\#]\S{0,80}[ \t]{1,20}\S{1,80}[ \t]{1,20}["']?(?P<secret>[^\s"']{6,120})""")
_S3FS = lazy(rb"""(?m)^(?:[\w.\-]{3,63}:)?[A-Za-z0-9]{3,128}:(?P<secret>[^\s:]{16,200})[ \t]{0,4}\r?$""")

_PLACES: dict[str, Callable[[], re.Pattern[bytes]]] = {
    **dict.fromkeys(
        (".pgpass", "pgpass.conf", "pgpass"),
        lazy(rb"""(?m)^(?:[^\s:\\]|\\.){1,120}(?::[^\s:]{1,80}){3}:(?P<secret>(?:[^\s:\\]|\\.){5,200})\r?$"""),
    ),
    "chap-secrets": _PPP,
    "pap-secrets": _PPP,
    "ipsec.secrets": lazy(rb""":[ \t]{0,8}(?:PSK|EAP|XAUTH|NTLM)[ \t]{1,8}["](?P<secret>[^"\r\n]{6,200})["]"""),
    ".passwd-s3fs": _S3FS,
    "passwd-s3fs": _S3FS,
    ".htpasswd": lazy(rb"""(?m)^[^\s:\#]{1,80}:(?P<secret>[A-Za-z0-9./]{13})\r?$"""),
    ".curlrc": lazy(
        rb"""(?m)^[ \t]{0,8}(?:--?)?(?:proxy-)?user[ \t]{0,8}[=: ][ \t]{0,8}["']?[^\s:"']{1,80}
        :(?P<secret>[^\s"']{6,120})"""
    ),
    "psk.txt": lazy(rb"""(?m)^[^\s\#]\S{0,80}[ \t]{1,20}(?P<secret>\S{6,120})[ \t]{0,8}\r?$"""),
    "sasl_passwd": lazy(rb"""(?m)^[^\s\#]\S{0,120}[ \t]{1,20}[^\s:]{1,120}:(?P<secret>\S{6,120})[ \t]{0,8}\r?$"""),
    "passwd.client": lazy(rb"""(?m)^[^\s\#:]{1,120}:[^\s:]{1,120}:(?P<secret>[^\s:]{6,120})[ \t]{0,8}\r?$"""),
    "userlist.txt": lazy(rb"""(?m)^"[^"\r\n]{1,80}"[ \t]{1,8}["](?P<secret>[^"\r\n]{6,200})["]"""),
    "users.acl": lazy(rb"""(?m)^user[ \t][^\r\n]{0,120}?[ \t]>(?P<secret>\S{6,120})"""),
    "resource.cfg": lazy(rb"""(?m)^\$USER[0-9]{1,3}\$[ \t]{0,8}=[ \t]{0,8}(?P<secret>[^\s/]{8,120})[ \t]{0,8}\r?$"""),
    "agent.hcl": lazy(
        rb"""(?m)^[ \t]{0,20}(?:agent|default|agent_recovery|replication|initial_management)
        [ \t]{0,8}=[ \t]{0,8}["](?P<secret>[^"\s]{16,200})["]"""
    ),
    ".rediscli_history": lazy(
        rb"""(?m)^(?i:auth)[ \t]{1,4}(?:\S{1,60}[ \t]{1,4})?(?P<secret>\S{6,200})[ \t]{0,4}\r?$"""
    ),
    ".fetchmailrc": lazy(rb"""\bpass(?:word)?[ \t]{1,8}["']?(?P<secret>[^\s"']{6,120})"""),
    "clients.conf": lazy(rb"""(?m)^[ \t]{0,20}secret[ \t]{0,20}=[ \t]{0,20}["']?(?P<secret>[^\s"'\#]{6,120})"""),
    "manager.conf": lazy(rb"""(?m)^[ \t]{0,20}secret[ \t]{0,20}=>?[ \t]{0,20}["']?(?P<secret>[^\s"';]{6,120})"""),
    "sip.conf": lazy(rb"""(?m)^[ \t]{0,20}(?:md5)?secret[ \t]{0,20}=>?[ \t]{0,20}["']?(?P<secret>[^\s"';]{6,120})"""),
    "turnserver.conf": lazy(rb"""(?m)^static-auth-secret[ \t]{0,8}=[ \t]{0,8}(?P<secret>[^\s\#]{6,200})"""),
}
"""By file name, an expression for text that is always a credential in such a file."""


_DELIMITERS = {".csv": b",;", ".tsv": b"\t", ".psv": b"|", ".tab": b"\t"}


def _in_columns(data: bytes, delimiters: bytes) -> list[tuple[int, int]]:
    """Return the spans of the values in the columns of a CSV-like file whose names name a secret."""
    head = data.partition(b"\n")[0][:4000].rstrip(b"\r")
    delimiter = max((bytes((byte,)) for byte in delimiters), key=head.count)
    names = [name.strip(b" \"'\xef\xbb\xbf") for name in head.split(delimiter)]
    columns = {number: force for number, name in enumerate(names) if (force := strength(name)) > Strength.WEAK}
    spans: list[tuple[int, int]] = []
    place = len(head)
    for line in data[place:].split(b"\n") if columns else ():
        start = place
        for number, cell in enumerate(line.split(delimiter)):
            value = cell.strip(b" \t\r\"'")
            if (
                number in columns
                and len(value) >= 6
                and convinces(value, columns[number], quoted=True, separator=delimiter)
            ):
                at = start + cell.find(value)
                spans.append((at, at + len(value)))
            start += len(cell) + 1
        place += len(line) + 1
    return spans


def configured(data: bytes, path: str) -> list[Span]:
    """Return the spans of the passwords that *data* sets, if *path* names a configuration file."""
    name = path.rpartition("/")[2].lower()
    spans: list[tuple[int, int]] = []
    if (place := _PLACES.get(name)) is not None:
        spans += [match.span("secret") for match in place().finditer(data) if _is_chosen(match["secret"])]
    if (name.endswith(_ENDINGS) or name.startswith(".env")) and any(map(data.lower().__contains__, _TELLING)):
        spans += [match.span("secret") for match in _LINE().finditer(data) if _is_set(match)]
    if (delimiters := _DELIMITERS.get(name[-4:])) is not None:
        spans += _in_columns(data, delimiters)
    return [(start, stop, RULE, False) for start, stop in spans]


def _is_set(match: re.Match[bytes]) -> bool:
    if strength(match["name"]) != Strength.PASSWORD and match["name"].lower() not in _ALSO:
        return False
    return is_password(match["secret"]) and not is_encoded_stand_in(match["secret"])
