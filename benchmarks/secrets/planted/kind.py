"""Kinds of planted files: a text with one gap, and the values that fill it."""

from __future__ import annotations

import base64
import random
import urllib.parse
import uuid
from collections.abc import Callable

from benchmarks.secrets.shapes import ALNUM, HEX, LOWER, SHAPES, URL, Make, text

GAP = "§"
"""Marks the place of the value in the text of a kind."""

_WORDS = ("maple", "river", "copper", "lantern", "violin", "harbour", "saddle", "meadow", "pepper", "granite", "walnut", "falcon", "ticket", "marble")
_TOKENS = ("github-classic", "gitlab", "npm", "slack-bot", "digitalocean", "jwt")


class Kind:
    """A kind of file: its text with a gap, a generator of values, and how a value is written into the gap."""

    __slots__ = ("make", "put", "text")

    def __init__(self, make: Make, text: str, put: Callable[[str], str] = str) -> None:
        if GAP not in text:
            raise ValueError("a kind of file has a gap for its value")
        self.make, self.text, self.put = make, text, put

    def holding(self, value: str) -> str:
        """Return the file with *value* in its gap."""
        return self.text.replace(GAP, self.put(value))


def chosen(source: random.Random) -> str:
    """Return a password as people or password managers make one."""
    words = [source.choice(_WORDS) for _ in range(3)]
    number = str(source.randint(10, 9999))
    return source.choice(
        (
            text(source, ALNUM, source.randint(16, 24)),
            text(source, ALNUM, 8) + source.choice("!*%+-_@.") + text(source, ALNUM, source.randint(4, 10)),
            text(source, HEX, 32),
            text(source, LOWER, 20),
            "-".join((*words, number)),
            words[0].title() + words[1].title() + number,
            words[0].title() + number + source.choice("!*%+"),
            f"{words[0]}.{words[1]}{number}",
        )
    )


def issued(source: random.Random) -> str:
    """Return a token as services issue them: random text, hexadecimal, a UUID, or a vendor's format."""
    return source.choice(
        (
            text(source, ALNUM, source.randint(24, 40)),
            text(source, HEX, source.choice((32, 40, 64))),
            str(uuid.UUID(int=source.getrandbits(128), version=4)),
            text(source, URL, 43),
            SHAPES[source.choice(_TOKENS)](source),
        )
    )


def drawn(alphabet: str, length: int, after: str = "") -> Make:
    """Make a generator of *length* characters of *alphabet*, followed by *after*."""
    return lambda source: text(source, alphabet, length) + after


def key_lines(source: random.Random) -> str:
    """Return the body of a PEM file with an unencrypted key in OpenSSH format."""
    inside = base64.b64encode(b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none" + source.randbytes(560)).decode()
    return "\n".join(inside[start : start + 70] for start in range(0, len(inside), 70))


def rsa_lines(source: random.Random) -> str:
    """Return the body of a PEM file with an RSA key of 2048 bits (RFC 8017: a sequence of version and modulus)."""
    inside = base64.b64encode(b"\x30\x82\x04\xa4\x02\x01\0\x02\x82\x01\x01\0" + source.randbytes(1180)).decode()
    return "\n".join(inside[start : start + 64] for start in range(0, len(inside), 64))


def in_base64(value: str) -> str:
    """Write *value* in base64."""
    return base64.b64encode(value.encode()).decode()


def as_login(value: str) -> str:
    """Write *value* as the password of a user, in base64, as HTTP and Docker do."""
    return in_base64(f"deploy:{value}")


def in_url(value: str) -> str:
    """Write *value* as a part of a URL; a reference in braces is not encoded."""
    return urllib.parse.quote(value, safe="${}<>*")
