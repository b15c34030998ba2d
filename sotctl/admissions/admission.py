"""An admission as a value, and everything that can be wrong with one (docs/reference/admissions.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sotctl.admissions.approval import Approval, parse_approval
from sotctl.digests import sha256
from sotctl.documents import rules
from sotctl.documents.dates import first_date, is_after, parse_timestamp
from sotctl.documents.formats import Formats
from sotctl.documents.policy import Policy
from sotctl.documents.strict_json import Member, StrictJsonError, parse_object
from sotctl.documents.templates import Templates
from sotctl.errors import Command
from sotctl.findings import Finding, RejectedError, Rule
from sotctl.secrets import scan
from sotctl.secrets.finding import as_finding

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would cost the gate as much as running git
    from typing import Any


EXTERNAL = ("anthropic", "openai-codex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """One admission file: its bytes, its values, and the place of each."""

    path: str
    data: bytes
    members: Mapping[str, Member]

    @property
    def values(self) -> dict[str, Any]:
        """The members as plain values, in order."""
        return {key: member.value for key, member in self.members.items()}

    @property
    def sha256(self) -> str:
        """The digest of the exact bytes, in hex."""
        return sha256(self.data)

    @property
    def pair(self) -> tuple[str, str]:
        """Provider and model, exactly as written."""
        return self.text("provider"), self.text("model")

    @property
    def fallback(self) -> tuple[tuple[str, str], ...]:
        """The fallback pairs, kept as context; none of them passes the gate. Other entries are left out."""
        kept = (pair for pair in self._items("fallback") if isinstance(pair, dict))
        pairs = [(pair.get("provider"), pair.get("model")) for pair in kept]
        return tuple(
            (provider, model) for provider, model in pairs if isinstance(provider, str) and isinstance(model, str)
        )

    @property
    def served_models(self) -> tuple[str, ...]:
        """The names under which the model may answer, besides its own. Entries that are not text are left out."""
        return tuple(name for name in self._items("served_models") if isinstance(name, str))

    def _items(self, name: str) -> list[Any]:
        value = self.members[name].value if name in self.members else []
        return value if isinstance(value, list) else []

    @property
    def issue(self) -> str:
        """The issue that its decision record decides, by the record's id; "" where it names none."""
        return self.text("decision_record").rpartition("-DR-")[0]

    @property
    def is_in_force(self) -> bool:
        """Whether its status is `admitted`."""
        return self.text("status") == "admitted"

    @property
    def review_by(self) -> date | None:
        """The first date in its review trigger."""
        return first_date(self.text("review_trigger"))

    def text(self, name: str) -> str:
        """A text value; "" where it is absent or not text."""
        member = self.members.get(name)
        return member.value if member and isinstance(member.value, str) else ""

    def line_of(self, name: str) -> int:
        """The line of a key; 1 where it is absent."""
        return self.members[name].line if name in self.members else 1

    def with_status(self, status: str) -> bytes:
        """The bytes with another status, and no other byte changed."""
        text, member = self.data.decode("utf-8"), self.members["status"]
        return (text[: member.start] + json.dumps(status) + text[member.end :]).encode("utf-8")


def parse_admission(path: str, data: bytes) -> Admission:
    """Read an admission strictly.

    Raises:
        RejectedError: The bytes are not one strict JSON object.
    """
    try:
        return Admission(path=path, data=data, members=parse_object(data))
    except StrictJsonError as error:
        fix = Command("sotctl admission generate")
        finding = error.rule.finding(path, error.message, fix, line=error.line)
        raise RejectedError([finding]) from None


def readable_admission(path: str, data: bytes | None) -> Admission | None:
    """`parse_admission`, or None where there is no such file or it is not strict JSON."""
    try:
        return None if data is None else parse_admission(path, data)
    except RejectedError:
        return None


def keys() -> list[str]:
    """The keys of an admission, in the order in which they are written."""
    return list(Templates().schema("admission").root["properties"])


def render(values: Mapping[str, Any]) -> bytes:
    """The bytes of an admission: keys in their order, two-space indent, LF, ASCII."""
    ordered = {key: values[key] for key in keys() if values.get(key) not in (None, "", [])}
    return (json.dumps(ordered, indent=2) + "\n").encode("ascii")


def problems(admission: Admission, policy: Policy, formats: Formats, *, now: datetime) -> Iterator[Finding]:
    """Yield everything that is wrong with an admission on its own, apart from its decision record and its history."""
    for problem in Templates().schema("admission").problems(admission.values, formats):
        yield _finding(admission, problem.rule, str(problem.path[0]), problem.message)
    yield from (as_finding(secret, admission.path, "sotctl explain secret") for secret in scan(admission.data))
    yield from _time_problems(admission, policy, now)
    yield from _class_problems(admission)


def _time_problems(admission: Admission, policy: Policy, now: datetime) -> Iterator[Finding]:
    admitted_at = parse_timestamp(admission.text("admission_timestamp"))
    if admitted_at is None:
        return
    if admitted_at > now:
        yield _finding(
            admission, rules.TIMESTAMP_FUTURE, "admission_timestamp", "`admission_timestamp` lies in the future"
        )
    approval = parse_approval(admission.text("approval_source"), policy, now=now)
    if isinstance(approval, Approval) and approval.day and is_after(approval.day, admitted_at):
        message = f"the approval of {approval.day} is later than the admission"
        yield _finding(admission, rules.APPROVAL_AFTER_ADMISSION, "approval_source", message)
    if admission.review_by and admission.review_by < admitted_at.date():
        message = f"the review-by date {admission.review_by} lies before the admission"
        yield _finding(admission, rules.REVIEW_BEFORE_ADMISSION, "review_trigger", message)


def _class_problems(admission: Admission) -> Iterator[Finding]:
    """A credential class that names an external provider, and not the admitted one, contradicts the pair."""
    provider, name = admission.text("provider"), admission.text("credential_source_class")
    named = [external for external in EXTERNAL if f"-{external}-" in f"-{name}-"]
    if named and provider and f"-{provider}-" not in f"-{name}-":
        message = f"`credential_source_class` names {named[0]}, which is not the provider"
        yield _finding(admission, rules.CLASS_CONTRADICTS_PROVIDER, "credential_source_class", message)


def _finding(admission: Admission, rule: Rule, key: str, message: str) -> Finding:
    return rule.finding(admission.path, message, Command(f"sotctl explain {rule.id}"), line=admission.line_of(key))
