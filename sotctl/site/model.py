"""The values that pages show, computed once from the documents and the history of a commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sotctl.admissions.admission import Admission
from sotctl.admissions.derive import admissions
from sotctl.admissions.review import Due, When, due
from sotctl.digests import sha256
from sotctl.documents.evidence_record import EvidenceRecord, evidence_records
from sotctl.documents.issues import Issue
from sotctl.documents.record import DecisionRecord
from sotctl.documents.snapshot import Snapshot
from sotctl.findings import Finding
from sotctl.issues.graph import cycles, graph
from sotctl.issues.moves import open_blockers
from sotctl.site.addresses import Addresses
from sotctl.store.timeline import Event, EventKind, Timeline

_LAST_DECISIONS = 10
_DECIDING = (EventKind.DECISION, EventKind.ADMISSION, EventKind.SIGNATURE, EventKind.EVIDENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One way from an issue to its runs: the decision, the admission that follows from it, and the runs under it."""

    issue: str
    record: DecisionRecord | None
    admission: Admission | None
    runs: tuple[EvidenceRecord, ...]


@dataclass(frozen=True, kw_only=True)
class Site:
    """The store of one commit. `commit` is "" and `at` the epoch where nothing is committed yet."""

    snapshot: Snapshot
    timeline: Timeline
    findings: Sequence[Finding]
    commit: str
    at: datetime
    issues: Mapping[str, Issue] = field(init=False)

    def __post_init__(self) -> None:
        """Read every issue once; of two with one id, the first counts."""
        found: dict[str, Issue] = {}
        for issue in self.snapshot.issues():
            found.setdefault(issue.id, issue)
        object.__setattr__(self, "issues", found)
        self.snapshot.known(found)

    @cached_property
    def records(self) -> list[DecisionRecord]:
        """Every decision record that can be read."""
        return [record for record in self.snapshot.records() if record.id]

    @cached_property
    def admissions(self) -> list[Admission]:
        """Every admission that is strict JSON."""
        return list(admissions(self.snapshot))

    @cached_property
    def runs(self) -> list[EvidenceRecord]:
        """Every evidence record that can be read."""
        return list(evidence_records(self.snapshot))

    @cached_property
    def addresses(self) -> Addresses:
        """The page of everything."""
        return Addresses(
            {
                "issues": self.issues,
                "decisions": [record.id for record in self.records],
                "admissions": [admission_id(admission) for admission in self.admissions],
                "runs": [run_id(run) for run in self.runs],
            }
        )

    @cached_property
    def statuses(self) -> dict[str, list[Issue]]:
        """The issues of each status that has some, in the order of the table of moves."""
        by_status: dict[str, list[Issue]] = defaultdict(list)
        for issue in self.issues.values():
            by_status[issue.status or "unknown"].append(issue)
        known = [*self.snapshot.policy.moves, "unknown"]
        return {status: by_status[status] for status in known if status in by_status}

    @cached_property
    def waits(self) -> dict[str, tuple[str, ...]]:
        """For each issue, the issues that its open blockers name."""
        return graph(self.issues.values())

    @cached_property
    def waited_by(self) -> dict[str, list[str]]:
        """For each issue, the issues that wait for it."""
        found: dict[str, list[str]] = defaultdict(list)
        for issue, names in self.waits.items():
            for name in names:
                if name in self.issues:
                    found[name].append(issue)
        return found

    @cached_property
    def circles(self) -> list[tuple[str, ...]]:
        """The issues that wait for each other in a circle."""
        return cycles(self.waits)

    @cached_property
    def due(self) -> list[Due]:
        """The reviews of the decisions in force, seen from the day of the commit."""
        return due(self.snapshot, now=self.at, warn_days=self.snapshot.policy.warn_days)

    @property
    def pressing(self) -> list[Due]:
        """The reviews that are past or near, and the conditions to look at."""
        return [entry for entry in self.due if entry.when is not When.LATER]

    @property
    def in_force(self) -> list[Admission]:
        """The admissions whose status is `admitted`."""
        return [admission for admission in self.admissions if admission.is_in_force]

    @property
    def last_decisions(self) -> list[Event]:
        """The latest events that are no moves, the newest first."""
        return [event for event in reversed(self.timeline.events) if event.kind in _DECIDING][:_LAST_DECISIONS]

    @cached_property
    def events_by_issue(self) -> dict[str, list[Event]]:
        """The events of each issue, the oldest first."""
        found: dict[str, list[Event]] = defaultdict(list)
        for event in self.timeline.events:
            found[event.issue].append(event)
        return found

    @cached_property
    def chains_by_issue(self) -> dict[str, list[Chain]]:
        """The chains of each issue, the latest decision first."""
        found: dict[str, list[Chain]] = defaultdict(list)
        for record in reversed(self.records):
            found[record.issue].append(self.chain(record))
        known = {run.path for chains in found.values() for chain in chains for run in chain.runs}
        for run in self.runs:
            if run.path not in known:
                found[run.text("issue")].append(
                    Chain(issue=run.text("issue"), record=None, admission=None, runs=(run,))
                )
        return found

    def chain(self, record: DecisionRecord) -> Chain:
        """The chain of a decision record."""
        admission = next((one for one in self.admissions if one.text("decision_record") == record.id), None)
        runs = tuple(run for run in self.runs if self.record_of(run) is record)
        return Chain(issue=record.issue, record=record, admission=admission, runs=runs)

    def record_of(self, run: EvidenceRecord) -> DecisionRecord | None:
        """The decision under which a run was made: by the digest of its admission, else by issue and pair."""
        admission = self.admission_of(run)
        if admission is not None:
            id_ = admission.text("decision_record")
            return next((record for record in self.records if record.id == id_), None)
        pair = run.text("provider"), run.text("model")
        same = [record for record in self.records if record.issue == run.text("issue") and record.named == pair]
        return same[-1] if same else None

    def admission_of(self, run: EvidenceRecord) -> Admission | None:
        """The admission with the digest that a run names, as it is or as it was before it was revoked."""
        wanted = run.text("admission_sha256")
        for admission in self.admissions:
            if wanted in (admission.sha256, sha256(_as_admitted(admission))):
                return admission
        return None

    def open_blockers(self, issue: Issue) -> set[int]:
        """The numbers of the blockers that still hold an issue."""
        return {bullet.number for bullet, _ in open_blockers(self.snapshot, issue)} if issue.blocked_by else set()


def _as_admitted(admission: Admission) -> bytes:
    return admission.with_status("admitted") if "status" in admission.members else admission.data


def admission_id(admission: Admission) -> str:
    """The name of an admission's page: that of its file."""
    return admission.path.rpartition("/")[2].removesuffix(".json")


def run_id(run: EvidenceRecord) -> str:
    """The name of a run's page: that of its record's file."""
    return run.path.rpartition("/")[2].removesuffix(".md")
