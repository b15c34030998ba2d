"""What a secret rule is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRule:
    """The shape of one kind of secret.

    `pattern` is a regular expression over bytes; the group named `secret` is the secret, or the whole match where
    there is none. A blob is searched only when it holds one of `keywords` (compared in lower case). `accept` may
    still refuse a match, by a checksum or because the value is a placeholder. `source` says where the shape comes
    from; `matches` and `misses` are the samples that prove the rule, put together from pieces so that no file here
    holds a whole token.
    """

    id: str
    summary: str
    source: str
    pattern: str
    keywords: tuple[str, ...]
    matches: tuple[str, ...]
    misses: tuple[str, ...]
    accept: Callable[[bytes], bool] | None = None
