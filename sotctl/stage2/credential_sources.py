"""Where credentials are kept: a variable, pi's `auth.json`, Codex's `auth.json`, or nowhere.

The shapes of both files are those of the programs' public sources: `packages/coding-agent/src/core/auth-storage.ts` of
pi, and `codex-rs/login/src/auth/storage.rs` of Codex.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sotctl.errors import UsageError
from sotctl.stage2.credential import (
    SOURCES,
    Credential,
    CredentialError,
    CredentialProblem,
    Found,
    Token,
    account_of,
    number,
)

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
            raise _error("credential-missing", f"the variable {self.name} is not set", self.login)
        return _of_token(value, self.provider)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pi:
    """pi's store: one entry for each provider, a key or what came of a login."""

    file: Path
    provider: str
    environment: Mapping[str, str] = field(repr=False)
    kind: str = "pi"
    login: str = "pi, then /login"

    def read(self) -> Found:
        """The entry of the provider."""
        values = _read_json(self.file, self.login)
        entry = values.get(self.provider)
        if not isinstance(entry, dict):
            message = f"{self.file} holds no credential for {self.provider}"
            raise _error("credential-other-provider", message, self.login)
        if entry.get("type") == "api_key" and isinstance(key := entry.get("key"), str) and key.strip():
            return self._of_key(key.strip())
        if entry.get("type") == "oauth" and isinstance(access := entry.get("access"), str) and access:
            return self._of_login(entry, access)
        raise _error("credential-unreadable", f"the entry of {self.provider} in {self.file} has no token", self.login)

    def _of_key(self, key: str) -> Found:
        """A key, or the name of a variable that holds it; pi would also run a command, which sotctl does not."""
        if key.startswith("!"):
            message = f"the entry of {self.provider} in {self.file} is a command, which is not run"
            raise _error("credential-unreadable", message, "sotctl stage2 run --credential env:NAME")
        return _of_token(self.environment.get(key) or key, self.provider)

    def _of_login(self, entry: Mapping[str, Any], access: str) -> Found:
        claimed, ends = account_of(access)
        stored = entry.get("accountId")
        _same_account(claimed, stored, self.file, self.login)
        if (millis := number(entry.get("expires"))) is not None:
            ends = min(ends, millis / 1000) if ends is not None else millis / 1000
        account = claimed or (stored if isinstance(stored, str) else "")
        token = Token(value=access, account_id=account, is_oauth=True)
        return Found(token=token, secrets=tuple(_secrets(entry, ("access", "refresh"))), expires_at=_instant(ends))


@dataclass(frozen=True, slots=True, kw_only=True)
class Codex:
    """Codex's store: the tokens of a ChatGPT account, or a key of the OpenAI API."""

    file: Path
    provider: str
    environment: Mapping[str, str] = field(repr=False)
    kind: str = "codex"
    login: str = "codex login"

    def read(self) -> Found:
        """The tokens for `openai-codex`, the key for `openai`."""
        values = _read_json(self.file, self.login)
        if self.provider not in CODEX_PROVIDERS:
            message = f"{self.file} holds no credential for {self.provider}; Codex logs in to OpenAI alone"
            raise _error("credential-other-provider", message, "sotctl stage2 run --credential env:NAME")
        tokens, key = values.get("tokens"), values.get("OPENAI_API_KEY")
        kept = tokens if isinstance(tokens, dict) else {}
        found = {name: text for name, text in kept.items() if isinstance(text, str) and text}
        secrets = (*_secrets(found, ("access_token", "refresh_token", "id_token")), *_secrets(values, (_KEY,)))
        if self.provider == "openai":
            return self._of_key(key, secrets)
        if "access_token" not in found:
            message = f"{self.file} holds no login to ChatGPT" + (", only a key of the OpenAI API" if key else "")
            raise _error("credential-other-provider" if key else "credential-unreadable", message, self.login)
        account, ends = account_of(found["access_token"])
        _same_account(account, found.get("account_id"), self.file, self.login)
        token = Token(value=found["access_token"], account_id=account or found.get("account_id", ""), is_oauth=True)
        return Found(token=token, secrets=secrets, expires_at=_instant(ends))

    def _of_key(self, key: object, secrets: tuple[str, ...]) -> Found:
        if not isinstance(key, str) or not key.strip():
            message = f"{self.file} holds no key of the OpenAI API, only a login to ChatGPT"
            raise _error("credential-other-provider", message, "codex login --with-api-key")
        return Found(token=Token(value=key.strip()), secrets=secrets)


_KEY = "OPENAI_API_KEY"


def _of_token(value: str, provider: str) -> Found:
    """A key, or a token of Codex's backend, which names its account and its end."""
    account, ends = account_of(value) if provider == "openai-codex" else ("", None)
    return Found(token=Token(value=value, account_id=account), secrets=(value,), expires_at=_instant(ends))


def _read_json(file: Path, login: str) -> dict[str, Any]:
    """A credential store: a regular file that its owner alone can read, and a JSON object."""
    try:
        with open(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
            _check_file(os.fstat(opened.fileno()), file)
            data = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _error("credential-missing", f"{file} does not exist", login) from None
    except OSError as error:
        raise _error("credential-unreadable", f"{file} cannot be read: {error.strerror}", login) from None
    try:
        values = json.loads(data.decode("utf-8")) if len(data) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise _error("credential-unreadable", f"{file} is not a JSON object", login)
    return values


def _check_file(found: os.stat_result, file: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise _error("credential-unreadable", f"{file} is not a regular file", f"ls -l {file}")
    if found.st_uid not in (os.geteuid(), 0):
        raise _error("credential-exposed", f"{file} belongs to another user", f"ls -l {file}")
    if found.st_mode & 0o077:
        mode = stat.S_IMODE(found.st_mode)
        message = f"{file} can be read or written by others (mode {mode:04o})"
        raise _error("credential-exposed", message, f"chmod 600 {file}")


def _same_account(claimed: str, stored: object, file: Path, login: str) -> None:
    if claimed and isinstance(stored, str) and stored and stored != claimed:
        message = f"{file} names one account, and the token in it is of another"
        raise _error("credential-other-account", message, login)


def _secrets(values: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    yield from (text for name in names if isinstance(text := values.get(name), str) and text)


def _instant(seconds: float | None) -> datetime | None:
    """The instant of a number of seconds; one beyond what a calendar holds is no end."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _error(reason: str, message: str, next_: str) -> CredentialError:
    return CredentialError(CredentialProblem(reason=reason, message=message, next=next_))


def parse_credential(text: str, *, provider: str, environment: Mapping[str, str], home: Path) -> Credential:
    """The source that `--credential` or `[credentials]` of `sot.toml` names, for a provider.

    Raises:
        UsageError: It is none that there is.
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
    raise UsageError("that is no source of a credential", hint=f"write it as {SOURCES}")


def _file(kind: str, given: str, environment: Mapping[str, str], home: Path) -> Path:
    """The store of a program: the file that was given, or where the program itself keeps it."""
    if given:
        return home / given.removeprefix("~/") if given.startswith("~/") else Path(given)
    variable, below = {"pi": ("PI_CODING_AGENT_DIR", ".pi/agent"), "codex": ("CODEX_HOME", ".codex")}[kind]
    folder = environment.get(variable, "")
    return Path(folder or home / below) / "auth.json"
