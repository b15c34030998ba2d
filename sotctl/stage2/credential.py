"""The provider's credential, which the recorder alone holds: where it is kept, and whether it can be used.

A source is read again for each request, since another program may refresh it, and it is never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What authorises a request; "" for a provider that asks for nothing."""

    value: str = field(repr=False)
    account_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialProblem:
    """Why a credential cannot be used: a stable reason, a sentence without any value, and the command that helps.

    Reasons: `credential-missing`, `credential-unreadable`, `credential-exposed`, `credential-expired`,
    `credential-other-provider`, `credential-other-account`.
    """

    reason: str
    message: str
    next: str


class CredentialError(Exception):
    """The credential cannot be used now."""

    def __init__(self, problem: CredentialProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Credential(Protocol):
    """A source of the credential of one provider."""

    kind: str
    """`env`, `pi`, `codex` or `none`: what the report says."""

    def problem(self, now: datetime) -> CredentialProblem | None:
        """What keeps a run from being started; None where the credential can be used."""

    def token(self, now: datetime) -> Token:
        """The token as the source has it now.

        Raises:
            CredentialError: It cannot be used, or is of another account than the first one read.
        """

    def stand_in(self) -> str:
        """What the program gets in its place: of the shape that it expects, and worth nothing."""

    def secret_values(self) -> tuple[bytes, ...]:
        """Every value read so far, and its encodings: none of them may stand in a file of the run."""


def parse_credential(text: str, *, provider: str, environment: Mapping[str, str], home: Path) -> Credential:
    """The source that `--credential` or `[credentials]` of `sot.toml` names for a provider.

    `env:NAME`, `pi[:FILE]` (pi's `auth.json`), `codex[:FILE]` (Codex's `auth.json`) or `none`.

    Raises:
        UsageError: It is none of these.
    """
    raise NotImplementedError
