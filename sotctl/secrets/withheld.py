"""Takes secrets out of what is printed."""

from __future__ import annotations

from sotctl.secrets import scan


def withheld(text: str) -> str:
    """*text* with `(withheld)` in the place of each secret."""
    data = text.encode("utf-8", "surrogatepass")
    found = scan(data)
    for secret in sorted(found, key=lambda secret: secret.start, reverse=True):
        data = data[: secret.start] + b"(withheld)" + data[secret.start + secret.length :]
    return data.decode("utf-8", "surrogatepass") if found else text
