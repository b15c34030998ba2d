"""The targets of `[exports]`: written from the admissions, and compared with them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sotctl.documents import layout
from sotctl.documents.policy import parse_policy
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.tree import OverlayTree
from sotctl.errors import Command
from sotctl.export.admitted import admitted
from sotctl.export.catalogue import formats
from sotctl.export.target import Drift, TargetError
from sotctl.findings import Finding, Rule
from sotctl.plan import Plan

RULE = Rule(
    "export-drift",
    "A file named in `[exports]` says what the admissions in force say.",
    "Other programs enforce that file; one that is widened by hand would run what nobody approved.",
    "Run `sotctl export FORMAT` to derive the file again, or `sotctl decide` to approve the pair.",
)


def drift_findings(snapshot: Snapshot, targets: Mapping[str, str]) -> Iterator[Finding]:
    """Where the files at *targets*, by format, differ from the admissions in force."""
    pairs = admitted(snapshot)
    for name, path in sorted(targets.items()):
        form, data = formats()[name], snapshot.tree.read(path)
        if data is None or (snapshot.tree.mode(path) or "").startswith("12"):
            message = "there is no such file" if data is None else "it is a link, whose target is not checked"
            yield _finding(name, path, Drift(line=1, message=message))
            continue
        try:
            drifts = form.write(pairs, data, revision="").drifts
        except TargetError as error:
            fix = f"mend {path} by hand, then sotctl export {name}"
            yield replace(_finding(name, path, Drift(line=error.line, message=error.message)), fix=fix)
            continue
        for drift in drifts:
            yield _finding(name, path, drift, snapshot)


def with_exports(snapshot: Snapshot, plan: Plan) -> Plan:
    """*plan* with the targets of `[exports]` written from the admissions as it leaves them.

    A target that cannot be read as its format stays as it is; the check names it.
    """
    targets = snapshot.policy.exports
    configuration = f"{snapshot.store}/{layout.CONFIGURATION}"
    if configuration in plan.files:
        targets = parse_policy(configuration, plan.files[configuration]).exports
    kinds = {snapshot.kind_of(path) for path in plan.changed()}
    if not targets or not kinds & {"admission", "decision-record", "sot"}:
        return plan
    after = Snapshot(
        OverlayTree(snapshot.tree, plan.files),
        snapshot.store,
        policy=snapshot.policy,
        formats=snapshot.formats,
        now=snapshot.now,
    )
    files: dict[str, bytes] = {}
    before: dict[str, bytes | None] = {}
    for name, path in sorted(targets.items()):
        existing = snapshot.tree.read(path)
        with contextlib.suppress(TargetError):
            files[path] = formats()[name].write(admitted(after), existing, revision="").data
            before[path] = existing
    return replace(plan, files={**plan.files, **files}, before={**plan.before, **before})


def _finding(name: str, path: str, drift: Drift, snapshot: Snapshot | None = None) -> Finding:
    besides = ", ".join(_lacking(snapshot, pair) for pair in drift.pairs) if snapshot else ""
    message = f"{drift.message}; it allows {besides}" if besides else drift.message
    return RULE.finding(path, message, Command(f"sotctl export {name}"), line=drift.line)


def _lacking(snapshot: Snapshot, pair: str) -> str:
    """A pair and the decision record that it lacks."""
    provider = pair.removesuffix("/*") if pair.endswith("/*") else ""
    records = [
        record
        for record in snapshot.records()
        if "/".join(record.named) == pair or (provider and record.named[:1] == (provider,))
    ]
    if not records:
        return f"{pair}, for which there is no decision record"
    record = records[-1]
    status = record.document.text("status")
    return f"{pair}, whose record {record.id} is {status if not record.is_approved else 'not in force'}"
