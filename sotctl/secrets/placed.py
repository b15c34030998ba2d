"""Checks values in places made for credentials, where weaker evidence is enough."""

from __future__ import annotations

from sotctl.secrets.passwords import is_password
from sotctl.secrets.published import is_published
from sotctl.secrets.values import is_digest, is_encoded_stand_in, is_placeholder, is_random, is_reference

STOCK = frozenset(
    b"password passwd pass pwd pw p secret token apikey key user username host string none null true false git root"
    b" admin guest test postgres mysql redis changeme mypassword pass123 x-access-token oauth2 public private undefined"
    b" default required optional".split()
)
"""Words that manuals use in place of a password."""


def is_placed(value: bytes) -> bool:
    """Whether *value*, in a place for passwords alone, may be real: no stock word, placeholder or reference."""
    if len(value) < 5 or len(set(value)) < 4 or value.lower().translate(None, b":._-") in STOCK:
        return False
    if is_placeholder(value) or is_reference(value):
        return False
    names_itself = any(word in value.lower() for word in (b"passw", b"secret", b"token", b"api_", b"_key"))
    return not (names_itself and not any(48 <= byte <= 57 for byte in value))


def is_placed_password(value: bytes) -> bool:
    """Whether *value* may be a password, in a place that can also hold a port, a path or a word."""
    return is_placed(value) and is_password(value)


def is_issued(value: bytes) -> bool:
    """Whether *value* may be a token that a service issued: random text, hexadecimal or a UUID."""
    if is_published(value) or is_placeholder(value) or is_encoded_stand_in(value) or value.endswith(b".."):  # cut short
        return False
    return is_random(value) or (is_digest(value) and value[:3].lower() not in (b"sha", b"md5"))


def is_given(value: bytes) -> bool:
    """Whether *value* may be a password or a token."""
    return is_placed_password(value) or is_issued(value)
