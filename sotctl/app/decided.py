"""The outcome of a decision, and the last screen, which shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl.admissions.derive import admission_path, admissions
from sotctl.admissions.signature import SUFFIX
from sotctl.app.next_run import exports, gate_environment, run_command
from sotctl.decisions.consequence import consequence
from sotctl.decisions.planning import active_record, require_issue
from sotctl.documents.issues import Issue
from sotctl.documents.planned import Planned
from sotctl.documents.record import DecisionRecord
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.issues.moves import open_blockers, unmet_effect
from sotctl.plan import Plan
from sotctl.report.formats.text import wrapped


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
    run = [Command("sotctl gate"), run_command(admission, after.policy)] if admission else []
    return Decision(
        record=record,
        issue=require_issue(after, issue_id)[1],
        admission=path,
        consequence=consequence(before, after, issue_id),
        environment=gate_environment(str(top / path), *record.named) if path else {},
        commands=[*sign, *run] if path else [Command(f"sotctl issue show {issue_id}")],
    )


def decided_text(work: Planned[Decision], commit: str | None) -> str:
    """The last screen: what was decided, what is still in the way, and the next commands."""
    done, record = work.outcome, work.outcome.record
    lines = ["", f"decided  {'/'.join(record.named) or record.document.text('decision_status')}"]
    lines += wrapped(done.consequence, "         ") if done.consequence else []
    lines += [f"record   {record.path}", *([f"admits   {done.admission}"] if done.admission else [])]
    lines.append(f"commit   {commit[:9]}" if commit else "commit   none: the files are written and not committed")
    return "\n".join([*lines, *_in_the_way(work), *_next(work)])


def missing_hosts(snapshot: Snapshot, record: DecisionRecord) -> list[str]:
    """What else a run needs, and the command that adds it: the hosts of the network class."""
    name = record.document.text("allowed_network_class")
    derives = snapshot.templates.schema(record.kind).annotation("x-derives")
    if not name or snapshot.policy.networks.get(name) or not derives:
        return []
    host = "api.anthropic.com" if record.document.text("provider") == "anthropic" else "HOST"
    key = f"networks.{name}"
    return [
        f"no host is named for the network class {name}, so no run will start:",
        f"    sotctl config {key} --add {host}",
    ]


def _in_the_way(work: Planned[Decision]) -> list[str]:
    """What the issue still waits for, and one command that clears every blocker for which an approval is the reason."""
    record, issue = work.outcome.record, work.outcome.issue
    if issue.status != "blocked":
        return []
    blockers = open_blockers(work.after, issue)
    lines = ["", f"{issue.id} stays blocked:"]
    lines += [line for bullet, found in blockers for line in wrapped(found.message, f"  {bullet.number}  ")]
    if blockers:
        numbers = " ".join(str(bullet.number) for bullet, _ in blockers)
        lines.append(f"    sotctl issue unblock {issue.id} {numbers} --because {record.id if record.named else 'TEXT'}")
    for unmet in unmet_effect(work.after, issue):
        lines += [*wrapped(unmet.message, "  -  "), f"    {unmet.fix}"]
    return lines if len(lines) > 2 else []


def _next(work: Planned[Decision]) -> list[str]:
    done = work.outcome
    commands = [*exports(done.environment), *(one for one in done.commands if one != "sotctl gate")]
    if len(commands) == 1:
        return ["", f"next     {commands[0]}"]
    lines: list[str] = []
    if missing := missing_hosts(work.after, done.record):
        lines += ["", *wrapped(f"First: {missing[0]}", ""), *missing[1:]]
    return [*lines, "", "next", *(f"    {line}" for line in commands)]
