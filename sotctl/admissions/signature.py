"""The result of verifying the signature of an admission (docs/reference/approval.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sotctl.admissions.approval import approver_of, same_name
from sotctl.documents.policy import Policy

NAMESPACE = "sotctl-admission"
SUFFIX = ".sig"
_PRINCIPALS = re.compile(r'^\s*("[^"]*"|[^\s"#]\S*)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature that stands beside an admission.

    `reason` is empty for a good one; `unchecked` are those for which no allowed-signers file is configured.
    """

    principal: str = ""
    fingerprint: str = ""
    reason: str = ""
    message: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it was verified."""
        return not self.reason

    @property
    def state(self) -> str:
        """`good`, `unchecked` or `bad`."""
        return "good" if self.is_good else "unchecked" if self.reason == "allowed-signers-missing" else "bad"

    def describe(self) -> str:
        """The signature in a few words."""
        if self.is_good:
            return f"signed by {self.principal} ({self.fingerprint})"
        return f"signature {self.state}: {self.message}"

    def to_json(self) -> dict[str, object]:
        """The signature as the gate prints it."""
        return {
            "state": self.state,
            "principal": self.principal or None,
            "fingerprint": self.fingerprint or None,
            "reason": self.reason or None,
            "message": self.message or None,
        }


def signers_problem(data: bytes) -> str | None:
    """Why an allowed-signers file cannot be relied on: a principal that matches more than one name; None if it can."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        match = _PRINCIPALS.match(line)
        if match and any(c in match[1] for c in "*?!"):
            return f"line {number} has a wildcard principal"
    return None


def is_approver(principal: str, approval_source: str, policy: Policy) -> bool:
    """Whether *principal* is the approver: the approver's name, alone or before an `@`, ignoring case.

    A governed route names no person, so any listed principal may sign for it.
    """
    approver = approver_of(approval_source, policy)
    return approver is None or same_name(principal.partition("@")[0], approver)
