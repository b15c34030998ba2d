"""A broken rule, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from sotctl.errors import SotError


class Severity(StrEnum):
    """How much a finding weighs: an error refuses, a warning is said."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule at one place.

    `line` and `column` count from 1; `path` is relative to the top of the repository; `fix` is the command or
    the edit that mends it; `commit` is the id of the commit that brings it, where one does; of a secret, `secret_rule`
    found it, `length` counts its bytes, and `fingerprint` is keyed, "" without a baseline.

    Source: SPEC sections 10 and 12.
    """

    rule: str
    message: str
    path: str = ""
    line: int = 1
    column: int = 1
    fix: str = ""
    severity: Severity = Severity.ERROR
    commit: str = ""
    secret_rule: str = ""
    length: int = 0
    fingerprint: str = ""

    def to_json(self) -> dict[str, object]:
        """The finding with the keys that SPEC section 12 promises, and `commit` and `secret` where it has one."""
        order = ("rule", "severity", "path", "line", "column", "message", "fix", "commit")
        values = asdict(self)
        told = {key: values[key] for key in order if key != "commit" or self.commit}
        if self.secret_rule:
            mark = {"fingerprint": self.fingerprint} if self.fingerprint else {}
            told["secret"] = {"rule": self.secret_rule, "length": self.length, **mark}
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What `sotctl explain` says of a rule: what it asks, why, and how to put a breach right."""

    id: str
    summary: str
    why: str
    fix: str


def explained(rows: Iterable[tuple[str, str, str, str]]) -> dict[str, Explanation]:
    """Explanations by id, from rows of id, summary, why and fix."""
    return {id_: Explanation(id=id_, summary=summary, why=why, fix=fix) for id_, summary, why, fix in rows}


class RejectedError(SotError):
    """Text that could not become a value; the findings say all that is wrong with it."""

    exit_code = 1

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by path, line, column and rule, each once."""
    return sorted(set(findings), key=lambda f: (f.path, f.line, f.column, f.rule, f.message, f.commit))


def refuses(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
