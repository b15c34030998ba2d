"""Check the store, the hooks, the admissions, the evidence and the gate."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sotctl.admissions.admission import Admission
from sotctl.admissions.derive import admissions, issue_to_decide
from sotctl.admissions.review import When, when
from sotctl.app.app import App
from sotctl.app.next_run import run_command
from sotctl.app.verb import verb
from sotctl.checks.changes import on_disk
from sotctl.checks.run import check_change
from sotctl.digests import sha256
from sotctl.documents.evidence_record import evidence_records, pass_with
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command, SotError
from sotctl.findings import refuses
from sotctl.gate.signing import verify_beside
from sotctl.hooks.install import status as hook_states
from sotctl.hooks.work_trees import other_work_trees
from sotctl.report.formats.text import counts
from sotctl.report.terminal import NARROW, broken, columns, remedy
from sotctl.result import Result
from sotctl.store.store import Store


class HealthStatus(StrEnum):
    """The state of a part; the whole has that of its worst part."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part that was checked."""

    name: str
    status: HealthStatus
    message: str
    next: str = ""

    def to_json(self) -> dict[str, str]:
        """The part as health prints it."""
        return {"name": self.name, "status": str(self.status), "message": self.message, "next": self.next}


GROUP = "check"


@verb(example="sotctl health --json")
def command(app: App) -> Result:
    """Check everything that must be right before the harness starts.

    Exits with 0 for pass and warn, with 1 for fail.
    """
    parts = [part for look in LOOKS for part in look(app.store, app.snapshot)]
    worst = max(parts, key=lambda part: list(HealthStatus).index(part.status)).status
    return Result(
        type="sotctl.health/v1",
        values={"status": str(worst), "parts": [part.to_json() for part in parts]},
        text="\n".join(line for part in parts for line in _lines(part)),
        exit_code=int(worst is HealthStatus.FAIL),
    )


def _lines(part: Part) -> list[str]:
    lead, width = f"{part.status:<4}  {part.name:<10}  ", columns() or 80
    lines = broken(part.message, width, lead)
    if part.next:
        lines += remedy(part.next, width, " " * (len(lead) if width >= NARROW else 4) + "next: ")
    return lines


def _store(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    findings = check_change(on_disk(store, now=snapshot.now))
    if findings:
        status = HealthStatus.FAIL if refuses(findings) else HealthStatus.WARN
        yield Part(name="store", status=status, message=counts(findings), next=Command("sotctl check --all"))
    else:
        count = len(snapshot.entries)
        valid = "1 file is valid" if count == 1 else f"{count} files are valid"
        yield Part(name="store", status=HealthStatus.PASS, message=valid)


def _hooks(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    states = hook_states(store.git)
    if dead := [found.name for found in states if found.state != "live"]:
        message = f"not live: {', '.join(dead)}"
        yield Part(name="hooks", status=HealthStatus.FAIL, message=message, next=Command("sotctl hooks install"))
    elif bare := [tree for tree in other_work_trees(store.git) if not tree.is_guarded]:
        install = Command(f"sotctl hooks install --repo {shlex.quote(str(bare[0].path))}")
        yield Part(name="hooks", status=HealthStatus.FAIL, message=bare[0].message, next=install)
    else:
        yield Part(name="hooks", status=HealthStatus.PASS, message=f"{len(states)} hooks are live")


def _admissions(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    in_force = [found for found in admissions(snapshot) if found.is_in_force]
    if not in_force:
        message = "no admission is in force, so nothing may run"
        decide = f"sotctl decide {issue_to_decide(snapshot)}"
        yield Part(name="admission", status=HealthStatus.WARN, message=message, next=decide)
    head = store.commit_tree()
    for found in in_force:
        pair, due = "/".join(found.pair), found.review_by
        urgency = when(due, snapshot.now, snapshot.policy.warn_days)
        again = f"sotctl decide {found.issue or issue_to_decide(snapshot)}"
        if head.read(found.path) != found.data:
            message = f"{pair}: the file is not the committed one"
            yield Part(
                name="admission", status=HealthStatus.FAIL, message=message, next=Command(f"git status {found.path}")
            )
        elif problem := _signature(store, snapshot, found):
            fix = Command(f"sotctl admission sign {pair}")
            yield Part(name="admission", status=HealthStatus.FAIL, message=f"{pair}: {problem}", next=fix)
        elif urgency is When.PAST:
            message = f"{pair}: the review-by date {due} has passed"
            yield Part(name="admission", status=HealthStatus.FAIL, message=message, next=again)
        elif urgency is When.SOON:
            message = f"{pair}: to be reviewed by {due}"
            yield Part(name="admission", status=HealthStatus.WARN, message=message, next=again)
        else:
            yield Part(name="admission", status=HealthStatus.PASS, message=f"{pair} is in force{_until(due)}")


def _signature(store: Store, snapshot: Snapshot, admission: Admission) -> str:
    """Why the gate would refuse the signature of an admission; empty where it would not, or asks for none."""
    if not snapshot.policy.require_signature:
        return ""
    place, source = str(store.top / admission.path), admission.text("approval_source")
    found = verify_beside(place, admission.data, source, snapshot.policy, snapshot.now)
    if found is None:
        return "it carries no signature, and sot.toml requires one"
    return "" if found.is_good else found.describe()


def _until(due: object) -> str:
    return f", to be reviewed by {due}" if due else ""


def _evidence(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    for admission in admissions(snapshot):
        issue = admission.issue
        if admission.is_in_force and issue and not pass_with(snapshot, issue, {admission.sha256}):
            message = f"no pass with {'/'.join(admission.pair)} is recorded, so {issue} stays blocked"
            run = run_command(admission, snapshot.policy, store.top)
            yield Part(name="evidence", status=HealthStatus.WARN, message=message, next=run)
    records = [record for record in evidence_records(snapshot) if record.counts]
    for record in records:
        report = Path(record.text("run_directory")) / "report.json"
        name = record.text("run_id")
        try:
            intact = sha256(report.read_bytes()) == record.text("report_sha256")
        except OSError:
            message = f"{name}: the run directory is not at hand, so its digests were not compared"
            yield Part(name="evidence", status=HealthStatus.WARN, message=message)
            continue
        if not intact:
            message = f"{name}: the report is not the one that was recorded"
            fix = Command(f"sotctl evidence verify {report.parent}")
            yield Part(name="evidence", status=HealthStatus.FAIL, message=message, next=fix)
        else:
            yield from _artifacts(report.parent, name)


def _artifacts(folder: Path, name: str) -> Iterator[Part]:
    """Compare every digest that the recorded report pins."""
    from sotctl.evidence.files import artifacts
    from sotctl.stage2.rundir import DiskRun

    listed = json.loads((folder / "report.json").read_bytes()).get("artifacts")
    if listed == artifacts(DiskRun(folder)):
        yield Part(name="evidence", status=HealthStatus.PASS, message=f"{name}: every digest is the recorded one")
    else:
        fix = Command(f"sotctl evidence verify {folder}")
        message = f"{name}: a file is not the one that was recorded"
        yield Part(name="evidence", status=HealthStatus.FAIL, message=message, next=fix)


def _gate(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    from sotctl.commands.validate.case_provider import run_trials

    try:
        outcomes = list(run_trials())
    except SotError as error:
        yield Part(
            name="gate", status=HealthStatus.FAIL, message=error.message, next=Command("sotctl validate case-provider")
        )
        return
    wrong = sum(not outcome.is_right for outcome in outcomes)
    if wrong:
        message = f"{wrong} of {len(outcomes)} trials did not end as they must"
        yield Part(
            name="gate", status=HealthStatus.FAIL, message=message, next=Command("sotctl validate case-provider")
        )
    else:
        yield Part(
            name="gate", status=HealthStatus.PASS, message=f"all {len(outcomes)} trials of the gate ended as they must"
        )


LOOKS: tuple[Callable[[Store, Snapshot], Iterator[Part]], ...] = (_store, _hooks, _admissions, _evidence, _gate)
