"""A rule, and a finding: one place where a rule is broken, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sotctl.errors import SotError


class Severity(StrEnum):
    """How much a finding weighs: an error refuses, a warning is printed."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a finding can name: what it asks, why, and how a breach is mended in general."""

    id: str
    summary: str
    why: str
    fix: str

    def finding(
        self, path: str, message: str, fix: str = "", *, line: int = 1, severity: Severity = Severity.ERROR
    ) -> Finding:
        """A breach of this rule in a line of a file."""
        location = Location(file=path, line=line)
        return Finding(rule=self, location=location, message=message, fix=fix, severity=severity)


class Place(StrEnum):
    """The kind of place of a finding; where there is no file, the value is shown as the path."""

    FILE = ""
    COMMIT_MESSAGE = "commit message"
    COMMIT_HEADER = "commit header"
    TAG_MESSAGE = "tag message"
    TAG_HEADER = "tag header"
    REFLOG = "reflog message"
    REF_NAME = "(ref name withheld)"
    FILE_NAME = "(path withheld)"
    TREE = "(tree)"
    BLOB = "(blob)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a finding lies: `file` is relative to the top of the repository, `line` and `column` count from 1."""

    place: Place = Place.FILE
    file: str = ""
    line: int = 1
    column: int = 1

    @property
    def path(self) -> str:
        """The file, or what stands for it."""
        return self.file if self.place is Place.FILE else self.place.value


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSecret:
    """What a finding may say of a secret: the rule that found it, its length in bytes, and a keyed fingerprint.

    `fingerprint` is "" where there is no baseline, and so no key.
    """

    rule: str
    length: int
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule at one place.

    `fix` is a `Command` to copy, or a sentence; `commit` is the id of the commit that brings the breach, where one
    does. Reference: docs/reference/findings.md.
    """

    rule: Rule
    message: str
    location: Location = field(default_factory=Location)
    fix: str = ""
    severity: Severity = Severity.ERROR
    commit: str = ""
    secret: FoundSecret | None = None

    @property
    def path(self) -> str:
        """The file, or what stands for it."""
        return self.location.path

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.location.line

    @property
    def column(self) -> int:
        """The column, from 1."""
        return self.location.column

    def to_json(self) -> dict[str, object]:
        """The finding with the keys of docs/reference/findings.md; `commit` and `secret` where it has one."""
        values: dict[str, object] = {
            "rule": self.rule.id,
            "severity": self.severity,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "fix": self.fix,
        }
        if self.commit:
            values["commit"] = self.commit
        if self.secret:
            mark = {"fingerprint": self.secret.fingerprint} if self.secret.fingerprint else {}
            values["secret"] = {"rule": self.secret.rule, "length": self.secret.length, **mark}
        return values


def explained(by_why: Mapping[str, Iterable[tuple[str, str, str]]]) -> dict[str, Rule]:
    """Rules by id, from rows of id, summary and fix below the why that they share.

    The rooms `gate` and `evidence` declare their reasons this way, each in a `reasons.py`.
    """
    return {id_: Rule(id_, summary, why, fix) for why, rows in by_why.items() for id_, summary, fix in rows}


class RejectedError(SotError):
    """Text that could not become a value; the findings say all that is wrong with it."""

    exit_code = 1

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by path, line, column and rule, each once."""
    return sorted(set(findings), key=lambda f: (f.path, f.line, f.column, f.rule.id, f.message, f.commit, f.fix))


def refuses(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
