"""Removes secrets from printed text."""

from __future__ import annotations

from sotctl.secrets import scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sotctl.secrets import Secret

WITHHELD = "(withheld)"


def withheld(text: str) -> str:
    """Return *text* with each secret replaced by `(withheld)`."""
    data = text.encode("utf-8", "surrogatepass")
    found = scan(data)
    return masked(data, found).decode("utf-8", "surrogatepass") if found else text


def masked(data: bytes, secrets: Iterable[Secret]) -> bytes:
    """Return *data* with each of *secrets* replaced by `(withheld)`."""
    for secret in sorted(secrets, key=lambda secret: secret.start, reverse=True):
        data = data[: secret.start] + WITHHELD.encode() + data[secret.start + secret.length :]
    return data
