"""The provider's credential, which only the recorder holds: where it is kept, and whether it can be used.

A source is read again for each request, since another program may refresh it, and it is never written.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from sotctl.stage2.block import Block, BlockError

SOURCES = "env:NAME, pi[:FILE], codex[:FILE] or none"
FEWEST_SECRET_BYTES = 6
"""Shorter values occur by chance."""
_STAND_IN = "sotctl-stand-in"
_ACCOUNT = "https://api.openai.com/auth"
"""The claim of a token of Codex that holds `chatgpt_account_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The token of a request; "" for a provider without authorisation. `is_oauth`: it comes from a login."""

    value: str = field(repr=False)
    account_id: str = ""
    is_oauth: bool = False


class CredentialError(BlockError):
    """The credential cannot be used now.

    Reasons: `credential-missing`, `credential-unreadable`, `credential-exposed`, `credential-expired`,
    `credential-other-provider`, `credential-other-account`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The present content of a source: the token, every secret value beside it, and when it expires."""

    token: Token
    secrets: tuple[str, ...] = field(repr=False)
    expires_at: datetime | None = None


class Source(Protocol):
    """A place where a credential is kept."""

    @property
    def kind(self) -> str:
        """What the report says."""

    @property
    def login(self) -> str:
        """The command that stores a usable credential there."""

    def read(self) -> Found:
        """Read it.

        Raises:
            CredentialError: It is not there, cannot be read, or holds none for this provider.
        """


class Credential:
    """The credential of one provider, at one source."""

    def __init__(self, source: Source, provider: str) -> None:
        self._source, self._provider = source, provider
        self._account_id: str | None = None
        self._is_oauth = False
        self._values: dict[str, None] = {}

    @property
    def kind(self) -> str:
        """`env`, `pi`, `codex` or `none`: what the report says."""
        return self._source.kind

    @property
    def store(self) -> Path | None:
        """The file where it is kept; None where it is in none."""
        found: Path | None = getattr(self._source, "file", None)
        return found

    def block(self, now: datetime) -> Block | None:
        """Why a run cannot be started; None if the credential can be used."""
        try:
            self.token(now)
        except CredentialError as error:
            return error.block
        return None

    def token(self, now: datetime) -> Token:
        """The token as the source has it now.

        Raises:
            CredentialError: It cannot be used, or is of another account than the first one read.
        """
        found = self._source.read()
        self._values |= dict.fromkeys(found.secrets)
        if found.expires_at is not None and found.expires_at <= now:
            message = f"the credential for {self._provider} expired at {found.expires_at:%Y-%m-%dT%H:%M:%SZ}"
            raise self._error("credential-expired", message)
        if not re.fullmatch(r"[!-~]*", found.token.value + found.token.account_id):
            message = f"the credential for {self._provider} holds a space, or a character that no header can carry"
            raise self._error("credential-unreadable", message)
        if self._account_id is None:
            self._account_id, self._is_oauth = found.token.account_id, found.token.is_oauth
        elif self._account_id != found.token.account_id:
            message = "the credential is of another account than the one that the run began with"
            raise self._error("credential-other-account", message)
        return found.token

    def stand_in(self) -> str:
        """The stand-in for the program: of the shape that it expects, and worthless."""
        if self._provider == "openai-codex":
            return _token_shaped()
        return f"sk-ant-oat-{_STAND_IN}" if self._provider == "anthropic" and self._is_oauth else _STAND_IN

    def secret_values(self) -> tuple[bytes, ...]:
        """Every value read so far, and its encodings: none of them may occur in a file of the run."""
        texts = [text.encode() for text in self._values if len(text.encode()) >= FEWEST_SECRET_BYTES]
        return tuple(dict.fromkeys(form for text in texts for form in encodings(text)))

    def _error(self, reason: str, message: str) -> CredentialError:
        return CredentialError(Block(reason=reason, message=message, next=self._source.login))


def encodings(value: bytes) -> Iterator[bytes]:
    """A value as it is, and in the forms in which it could stand in a file: base64 at any offset, hex, percent."""
    yield value
    for offset in range(3):
        padded = bytes(offset) + value
        whole = base64.b64encode(padded[: len(padded) // 3 * 3])
        inner = whole[4 if offset else 0 :]  # the first group depends on what stands before the value
        if len(inner) >= FEWEST_SECRET_BYTES:
            yield from (inner, inner.translate(bytes.maketrans(b"+/", b"-_")))
    yield from (value.hex().encode(), value.hex().upper().encode())
    text = value.decode("latin-1")
    yield quote(text, safe="", encoding="latin-1").encode()
    for form in ("%{:02x}", "%{:02X}", "\\x{:02x}", "\\u{:04x}"):
        yield "".join(form.format(byte) for byte in value).encode()
    yield json.dumps(text)[1:-1].encode()


def _token_shaped() -> str:
    """A JSON web token without a signature; programs read the account from its claims before they send anything."""
    claims = {_ACCOUNT: {"chatgpt_account_id": _STAND_IN}, "exp": 4102444800, "sub": _STAND_IN}
    parts = ({"alg": "none"}, claims)
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*texts, "stand-in"])


def account_of(token: str) -> tuple[str, float | None]:
    """The account id and the end (seconds since 1970) that a JSON web token claims; "" and None where it has none."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, ValueError, RecursionError):
        return "", None
    if not isinstance(claims, dict):
        return "", None
    auth, ends = claims.get(_ACCOUNT), claims.get("exp")
    account = auth.get("chatgpt_account_id") if isinstance(auth, dict) else None
    return account if isinstance(account, str) else "", number(ends)


def number(value: object) -> float | None:
    """A JSON number as a float; None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
