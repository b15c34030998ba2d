"""The outcome of a decision, and the last screen, which shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl.admissions.derive import admission_path, admissions
from sotctl.admissions.signature import SUFFIX
from sotctl.app.next_run import gate_environment, host_command, run_command
from sotctl.decisions.consequence import consequence
from sotctl.decisions.planning import active_record, require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.planned import Planned
from sotctl.documents.record import DecisionRecord
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.issues.moves import open_blockers, unmet_effect
from sotctl.plan import Plan
from sotctl.report.terminal import columns, cut, fits, wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The record in force after a decision, its issue, what changes in what may run, and how a run is started."""

    record: DecisionRecord
    issue: Issue
    admission: str | None
    consequence: str
    environment: Mapping[str, str]
    commands: Sequence[str]

    def values(self, before: Issue) -> dict[str, object]:
        """The JSON document of `sotctl decide`; *before* is the issue as the decision found it."""
        text = self.record.document.text
        return {
            "issue": self.issue.id,
            "issue_status": before.status,
            "record_id": self.record.id,
            "record": self.record.path,
            "decision_status": text("decision_status"),
            **{name: text(name) for name in self.record.names},
            "admission": self.admission,
            "blocked_by": [bullet.text for bullet in self.issue.blocked_by if not bullet.settled],
            "effect": text("effect"),
            "environment": dict(self.environment),
            "next": self.commands[0],
        }


def outcome_of(plan: Plan, before: Snapshot, after: Snapshot, issue_id: str, *, top: Path) -> Decision:
    """Read the outcome of a planned decision; *top* is the top of the work tree."""
    record = active_record(after, issue_id)
    assert record is not None, "a decision plans a record that is in force"
    path = admission_path(after, record)
    unsigned = before.policy.require_signature and f"{path}{SUFFIX}" not in plan.files
    sign = [Command(f"sotctl admission sign {'/'.join(record.named)}")] if path and unsigned else []
    admission = next((one for one in admissions(after) if one.path == path), None)
    run = [Command("sotctl gate"), run_command(admission, after.policy, top)] if admission else []
    return Decision(
        record=record,
        issue=require_issue(after, issue_id)[1],
        admission=path,
        consequence=consequence(before, after, issue_id),
        environment=gate_environment(str(top / path), *record.named) if path else {},
        commands=[*sign, *run] if path else [Command(f"sotctl issue show {issue_id}")],
    )


def decided_text(work: Planned[Decision], commit: str | None) -> str:
    """The last screen: what was decided, what is still in the way, and the next commands, in order.

    A small terminal shows each obstacle on one line and leaves out the files, which the commit names.
    """
    done, record = work.outcome, work.outcome.record
    lead = ["", f"decided  {'/'.join(record.named) or record.document.text('decision_status')}"]
    lead += wrapped(done.consequence, "         ") if done.consequence else []
    files = [f"record   {record.path}", *([f"admits   {done.admission}"] if done.admission else [])]
    made = f"commit   {commit[:9]}" if commit else "commit   none: the files are written and not committed"
    obstacles = list(_in_the_way(work))
    stay = ["", f"{done.issue.id} stays blocked:"] if obstacles else []
    whole = [line for place, message in obstacles for line in wrapped(message, f"  {place}  ")]
    short = [cut(f"  {place}  {message}", columns()) for place, message in obstacles]
    lines = [*lead, *files, made, *stay, *whole, *_next(work)]
    return "\n".join(lines if fits(lines) else [*lead, made, *stay, *short, *_next(work)])


def name_host(snapshot: Snapshot, record: DecisionRecord) -> Command | None:
    """The command that names a host for the network class of a decision; without a host no run starts."""
    network = record.document.text("allowed_network_class")
    derives = snapshot.templates.schema(record.kind).annotation("x-derives")
    if not network or not derives:
        return None
    return host_command(network, record.document.text("provider"), snapshot.policy)


def _in_the_way(work: Planned[Decision]) -> Iterator[tuple[str, str]]:
    """What the issue still waits for: the number of a blocker and its text, then what its template asks."""
    issue = work.outcome.issue
    if issue.status == "blocked":
        yield from ((str(bullet.number), found.message) for bullet, found in open_blockers(work.after, issue))
        yield from (("-", unmet.message) for unmet in unmet_effect(work.after, issue))


def _next(work: Planned[Decision]) -> list[str]:
    """The commands that come next: one clears every blocker for which the approval is the reason, the last runs."""
    done = work.outcome
    host = name_host(work.after, done.record)
    commands = [*_unblock(work), *([host] if host else [])]
    commands += [one for one in done.commands if one != "sotctl gate"]
    return ["", f"next     {commands[0]}"] if len(commands) == 1 else ["", "next", *(f"    {one}" for one in commands)]


def _unblock(work: Planned[Decision]) -> list[str]:
    record, issue = work.outcome.record, work.outcome.issue
    blockers = open_blockers(work.after, issue) if issue.status == "blocked" and record.named else []
    numbers = " ".join(str(bullet.number) for bullet, _ in blockers)
    return [f"sotctl issue unblock {issue.id} {numbers} --because {record.id}"] if blockers else []
