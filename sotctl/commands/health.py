"""Check the store, the hooks, the admissions, the evidence and the gate."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from sotctl.admissions.admission import Admission
from sotctl.admissions.derive import in_force, issue_to_decide
from sotctl.admissions.review import When, when
from sotctl.app.app import App
from sotctl.app.next_run import next_for_run
from sotctl.app.signatures import signature_of
from sotctl.app.verb import verb
from sotctl.checks.changes import on_disk
from sotctl.checks.run import check_change
from sotctl.commands.validate.case_provider import run_trials
from sotctl.digests import sha256
from sotctl.documents.evidence_record import EvidenceRecord, evidence_records, pass_with
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command, SotError
from sotctl.evidence.files import artifacts
from sotctl.findings import refuses
from sotctl.hooks.install import State
from sotctl.hooks.install import status as hook_states
from sotctl.hooks.work_trees import other_work_trees
from sotctl.report.formats.text import counts
from sotctl.report.terminal import NARROW, broken, columns, remedy
from sotctl.result import Result
from sotctl.stage2.rundir import DiskRun
from sotctl.store.store import Store


class HealthStatus(StrEnum):
    """The state of a part; the whole has that of its worst part."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was checked, and the command that comes next, or ""."""

    status: HealthStatus
    message: str
    next: str = ""


Look = Callable[[Store, Snapshot], Iterator[Part]]
PASS, WARN, FAIL = HealthStatus
GROUP = "check"


@verb(example="sotctl health --json")
def command(app: App) -> Result:
    """Check everything that must be right before the harness starts.

    Exits with 0 for pass and warn, with 1 for fail.
    """
    parts = [(name, part) for name, look in LOOKS.items() for part in look(app.store, app.snapshot)]
    worst = max((part.status for _, part in parts), key=list(HealthStatus).index)
    return Result(
        type="sotctl.health/v1",
        values={"status": str(worst), "parts": [{"name": name, **asdict(part)} for name, part in parts]},
        text="\n".join(line for name, part in parts for line in _lines(name, part)),
        exit_code=int(worst is FAIL),
    )


def _lines(name: str, part: Part) -> list[str]:
    lead, width = f"{part.status:<4}  {name:<10}  ", columns()
    lines = broken(part.message, width, lead)
    if part.next:
        lines += remedy(part.next, width, " " * (len(lead) if width >= NARROW else 4) + "next: ")
    return lines


def _store(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    findings = check_change(on_disk(store, now=snapshot.now))
    if findings:
        yield Part(FAIL if refuses(findings) else WARN, counts(findings), Command("sotctl check --all"))
    else:
        count = len(snapshot.entries)
        yield Part(PASS, "1 file is valid" if count == 1 else f"{count} files are valid")


def _hooks(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    states = hook_states(store.git)
    if dead := [found.name for found in states if found.state is not State.LIVE]:
        yield Part(FAIL, f"not live: {', '.join(dead)}", Command("sotctl hooks install"))
    elif bare := [tree for tree in other_work_trees(store.git) if not tree.is_guarded]:
        yield Part(FAIL, bare[0].message, Command(f"sotctl hooks install --repo {shlex.quote(str(bare[0].path))}"))
    else:
        yield Part(PASS, f"{len(states)} hooks are live")


def _admissions(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    admitted = in_force(snapshot)
    if not admitted:
        decide = Command(f"sotctl decide {issue_to_decide(snapshot)}")
        yield Part(WARN, "no admission is in force, so nothing may run", decide)
    head = store.commit_tree()
    for found in admitted:
        pair, due = "/".join(found.pair), found.review_by
        urgency = when(due, snapshot.now, snapshot.policy.warn_days)
        again = Command(f"sotctl decide {found.issue or issue_to_decide(snapshot)}")
        if head.read(found.path) != found.data:
            yield Part(FAIL, f"{pair}: the file is not the committed one", Command(f"git status {found.path}"))
        elif problem := _signature(store, snapshot, found):
            yield Part(FAIL, f"{pair}: {problem}", Command(f"sotctl admission sign {pair}"))
        elif urgency is When.PAST:
            yield Part(FAIL, f"{pair}: the review-by date {due} has passed", again)
        elif urgency is When.SOON:
            yield Part(WARN, f"{pair}: to be reviewed by {due}", again)
        else:
            yield Part(PASS, f"{pair} is in force" + (f", to be reviewed by {due}" if due else ""))


def _signature(store: Store, snapshot: Snapshot, admission: Admission) -> str:
    """Why the gate would refuse the signature of an admission; empty where it would not, or asks for none."""
    if not snapshot.policy.require_signature:
        return ""
    found = signature_of(store, snapshot, admission)
    if found is None:
        return "it carries no signature, and sot.toml requires one"
    return "" if found.is_good else found.describe()


def _evidence(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    for admission in in_force(snapshot):
        issue = admission.issue
        if issue and not pass_with(snapshot, issue, {admission.sha256}):
            message = f"no pass with {'/'.join(admission.pair)} is recorded, so {issue} stays blocked"
            yield Part(WARN, message, next_for_run(admission, snapshot.policy, store.top))
    for record in evidence_records(snapshot):
        if record.counts:
            yield _run(record)


def _run(record: EvidenceRecord) -> Part:
    """Compare a run with its record, and every file of it with the digest that its report pins."""
    folder, name = Path(record.text("run_directory")), record.text("run_id")
    again = Command(f"sotctl evidence verify {folder}")
    try:
        report = (folder / "report.json").read_bytes()
    except OSError:
        return Part(WARN, f"{name}: the run directory is not at hand, so its digests were not compared")
    if sha256(report) != record.text("report_sha256"):
        return Part(FAIL, f"{name}: the report is not the one that was recorded", again)
    if json.loads(report).get("artifacts") != artifacts(DiskRun(folder)):
        return Part(FAIL, f"{name}: a file is not the one that was recorded", again)
    return Part(PASS, f"{name}: every digest is the recorded one")


def _gate(store: Store, snapshot: Snapshot) -> Iterator[Part]:
    validate = Command("sotctl validate case-provider")
    try:
        outcomes = list(run_trials())
    except SotError as error:
        yield Part(FAIL, error.message, validate)
        return
    if wrong := sum(not outcome.is_right for outcome in outcomes):
        yield Part(FAIL, f"{wrong} of {len(outcomes)} trials did not end as they must", validate)
    else:
        yield Part(PASS, f"all {len(outcomes)} trials of the gate ended as they must")


LOOKS: dict[str, Look] = {
    "store": _store,
    "hooks": _hooks,
    "admission": _admissions,
    "evidence": _evidence,
    "gate": _gate,
}
