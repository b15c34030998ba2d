"""Where credentials are kept: a variable, pi's `auth.json`, Codex's `auth.json`, or nowhere.

The shapes of both files are those of the programs' public sources: `packages/coding-agent/src/core/auth-storage.ts` of
pi, and `codex-rs/login/src/auth/storage.rs` of Codex.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sotctl.errors import UsageError
from sotctl.stage2.block import Block
from sotctl.stage2.credential import SOURCES, Credential, CredentialError, Found, Token, account_of, number

MAX_BYTES = 1024 * 1024
CODEX_PROVIDERS = ("openai-codex", "openai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """A provider that asks for no credential, such as a server of one's own."""

    kind: str = "none"
    login: str = ""

    def read(self) -> Found:
        """No token."""
        return Found(token=Token(value=""), secrets=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable of the environment that sotctl was started in."""

    name: str
    provider: str
    environment: Mapping[str, str] = field(repr=False)
    kind: str = "env"

    @property
    def login(self) -> str:
        """A shell reads the value without showing it."""
        return f"read -rs {self.name} && export {self.name}"

    def read(self) -> Found:
        """The value of the variable; what is unset, empty or blank is missing."""
        value = self.environment.get(self.name, "").strip()
        if not value:
            message = f"the variable {self.name} is not set"
            raise CredentialError(Block(reason="credential-missing", message=message, next=self.login))
        return _of_token(value, self.provider)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A file in which a program keeps what it logged in with."""

    file: Path
    provider: str
    environment: Mapping[str, str] = field(repr=False)
    kind: str = ""
    login: str = ""

    def values(self) -> dict[str, Any]:
        """The content: a JSON object, in a regular file that its owner alone can read."""
        try:
            with open(os.open(self.file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
                self._check(os.fstat(opened.fileno()))
                data = opened.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise self.refused("credential-missing", f"{self.file} does not exist") from None
        except OSError as error:
            raise self.refused("credential-unreadable", f"{self.file} cannot be read: {error.strerror}") from None
        try:
            values = json.loads(data.decode("utf-8")) if len(data) <= MAX_BYTES else None
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise self.refused("credential-unreadable", f"{self.file} is not a JSON object")
        return values

    def _check(self, found: os.stat_result) -> None:
        show = f"ls -l {self.file}"
        if not stat.S_ISREG(found.st_mode):
            raise self.refused("credential-unreadable", f"{self.file} is not a regular file", show)
        if found.st_uid not in (os.geteuid(), 0):
            raise self.refused("credential-exposed", f"{self.file} belongs to another user", show)
        if found.st_mode & 0o077:
            message = f"{self.file} can be read or written by others (mode {stat.S_IMODE(found.st_mode):04o})"
            raise self.refused("credential-exposed", message, f"chmod 600 {self.file}")

    def of_login(
        self, access: str, stored_account: object, secrets: tuple[str, ...], stored_end: float | None = None
    ) -> Found:
        """What a login gave: its token names account and end; the store may name both besides."""
        claimed, ends = account_of(access)
        stored = stored_account if isinstance(stored_account, str) else ""
        if claimed and stored and stored != claimed:
            message = f"{self.file} names one account, and the token in it is of another"
            raise self.refused("credential-other-account", message)
        token = Token(value=access, account_id=claimed or stored, is_oauth=True)
        ends = min((end for end in (ends, stored_end) if end is not None), default=None)
        return Found(token=token, secrets=secrets, expires_at=_instant(ends))

    def refused(self, reason: str, message: str, next_: str = "") -> CredentialError:
        """The error for a store that cannot be used; without *next_*, logging in again helps."""
        return CredentialError(Block(reason=reason, message=message, next=next_ or self.login))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pi(Store):
    """pi's store: one entry for each provider, either a key or the result of a login."""

    kind: str = "pi"
    login: str = "pi, then /login"

    def read(self) -> Found:
        """The entry of the provider."""
        entry = self.values().get(self.provider)
        if not isinstance(entry, dict):
            message = f"{self.file} holds no credential for {self.provider}"
            raise self.refused("credential-other-provider", message)
        if entry.get("type") == "api_key" and isinstance(key := entry.get("key"), str) and key.strip():
            return self._of_key(key.strip())
        if entry.get("type") == "oauth" and isinstance(access := entry.get("access"), str) and access:
            millis = number(entry.get("expires"))
            ends = millis / 1000 if millis is not None else None
            return self.of_login(access, entry.get("accountId"), _secrets(entry, ("access", "refresh")), ends)
        raise self.refused("credential-unreadable", f"the entry of {self.provider} in {self.file} has no token")

    def _of_key(self, key: str) -> Found:
        """A key, or the name of a variable that holds it; pi would also run a command, which sotctl does not."""
        if key.startswith("!"):
            message = f"the entry of {self.provider} in {self.file} is a command, which is not run"
            raise self.refused("credential-unreadable", message, _BY_VARIABLE)
        return _of_token(self.environment.get(key) or key, self.provider)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codex(Store):
    """Codex's store: the tokens of a ChatGPT account, or a key of the OpenAI API."""

    kind: str = "codex"
    login: str = "codex login"

    def read(self) -> Found:
        """The tokens for `openai-codex`, the key for `openai`."""
        values = self.values()
        if self.provider not in CODEX_PROVIDERS:
            message = f"{self.file} holds no credential for {self.provider}; Codex logs in to OpenAI alone"
            raise self.refused("credential-other-provider", message, _BY_VARIABLE)
        tokens, key = values.get("tokens"), values.get("OPENAI_API_KEY")
        kept = tokens if isinstance(tokens, dict) else {}
        secrets = _secrets(kept, ("access_token", "refresh_token", "id_token")) + _secrets(values, ("OPENAI_API_KEY",))
        if self.provider == "openai":
            return self._of_key(key, secrets)
        access = kept.get("access_token")
        if not isinstance(access, str) or not access:
            message = f"{self.file} holds no login to ChatGPT" + (", only a key of the OpenAI API" if key else "")
            raise self.refused("credential-other-provider" if key else "credential-unreadable", message)
        return self.of_login(access, kept.get("account_id"), secrets)

    def _of_key(self, key: object, secrets: tuple[str, ...]) -> Found:
        if not isinstance(key, str) or not key.strip():
            message = f"{self.file} holds no key of the OpenAI API, only a login to ChatGPT"
            raise self.refused("credential-other-provider", message, "codex login --with-api-key")
        return Found(token=Token(value=key.strip()), secrets=secrets)


_BY_VARIABLE = "sotctl stage2 run --credential env:NAME"


def _of_token(value: str, provider: str) -> Found:
    """A key, or a token of Codex's backend, which names its account and its end."""
    account, ends = account_of(value) if provider == "openai-codex" else ("", None)
    return Found(token=Token(value=value, account_id=account), secrets=(value,), expires_at=_instant(ends))


def _secrets(values: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for name in names if isinstance(text := values.get(name), str) and text)


def _instant(seconds: float | None) -> datetime | None:
    """Seconds since 1970 as an instant; None beyond the years that a calendar has."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def parse_credential(text: str, *, provider: str, environment: Mapping[str, str], home: Path) -> Credential:
    """The source that `--credential` or `[credentials]` of `sot.toml` names, for a provider.

    Raises:
        UsageError: There is no such source.
    """
    kind, separator, rest = text.partition(":")
    if kind == "env" and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", rest):
        return Credential(Variable(name=rest, provider=provider, environment=environment), provider)
    if kind == "none" and not separator:
        return Credential(Nothing(), provider)
    if kind in ("pi", "codex") and bool(rest) == bool(separator):
        file = _file(kind, rest, environment, home)
        source = Pi if kind == "pi" else Codex
        return Credential(source(file=file, provider=provider, environment=environment), provider)
    raise UsageError("there is no such source of a credential", hint=f"write it as {SOURCES}")


def _file(kind: str, given: str, environment: Mapping[str, str], home: Path) -> Path:
    """The store of a program: the file that was given, or where the program itself keeps it."""
    if given:
        return home / given.removeprefix("~/") if given.startswith("~/") else Path(given)
    variable, below = {"pi": ("PI_CODING_AGENT_DIR", ".pi/agent"), "codex": ("CODEX_HOME", ".codex")}[kind]
    folder = environment.get(variable, "")
    return Path(folder or home / below) / "auth.json"
