"""Checks the checksum that some vendors put into their tokens."""

from __future__ import annotations

import binascii

from sotctl.secrets.values import is_generated

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62_crc32(body: bytes) -> bytes:
    """Return the CRC-32 of *body* as six base-62 digits, as GitHub and npm append it to their tokens."""
    number, digits = binascii.crc32(body), b""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit : digit + 1] + digits
    return digits


def has_checksum(body: bytes) -> bool:
    """Whether the last six bytes of *body* are the checksum of the bytes before them."""
    return base62_crc32(body[:-6]) == body[-6:]


def github_checksum(body: bytes) -> bool:
    """Whether the body of a GitHub or npm token could be real: its checksum is right, or it is no placeholder.

    A wrong checksum alone does not exclude it: tokens of older servers, for example, have no checksum.

    Source: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
    """
    return has_checksum(body) or is_generated(body)
