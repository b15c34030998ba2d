"""Checks a change against every rule."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sotctl import registry
from sotctl.admissions.admission import parse_admission, problems
from sotctl.admissions.derive import admission_path, differing_keys
from sotctl.checks import rules
from sotctl.checks.anywhere import file_rules
from sotctl.checks.change import Change, ChangedFile, ChangeSet, PolicyRule
from sotctl.checks.texts import check_commit_object
from sotctl.documents import rules as document_rules
from sotctl.documents.policy import Policy, parse_policy
from sotctl.documents.quote import quote
from sotctl.documents.rules import APPROVAL_APPROVER_UNKNOWN, APPROVAL_CHANNEL_UNKNOWN
from sotctl.errors import Command
from sotctl.evidence import reasons as evidence_reasons
from sotctl.findings import Finding, RejectedError, Rule, Severity, in_order
from sotctl.gate import reasons as gate_reasons
from sotctl.secrets import reasons as secret_reasons
from sotctl.secrets import scan
from sotctl.secrets.baseline import Baseline, BaselineError
from sotctl.secrets.baseline import parse as parse_baseline
from sotctl.secrets.reasons import ABOUT_SECRETS, BASELINE_INVALID, BASELINE_STALE


@functools.cache
def policy_rules() -> tuple[PolicyRule, ...]:
    """Every policy rule there is a file for."""
    return tuple(registry.load(rules, "RULE"))


def explanations() -> dict[str, Rule]:
    """What `sotctl explain` says, of every rule and every reason of the gate by id, sorted."""
    known: dict[str, Rule] = {**document_rules.ALL, **secret_reasons.EXPLANATIONS}
    known |= {**gate_reasons.EXPLANATIONS, **evidence_reasons.EXPLANATIONS}
    known |= {rule.id: rule for rule in policy_rules()}
    return dict(sorted(known.items()))


def check_change(change: Change) -> list[Finding]:
    """Everything that one commit breaks: in its stores, its files, and what is written in the commit itself."""
    found = [finding for store in change.stores for finding in check_store(store)]
    baseline, broken = _baseline(change)
    found += [*check_files(change.files(), change.fix, baseline), *broken]
    if baseline and change.is_whole:
        found += _stale(change, baseline)
    if change.message is not None:
        found += check_commit_object(change.message, change.fix, baseline)
    if change.commit:
        found = [replace(finding, commit=change.commit) for finding in found]
    return in_order(found)


def as_upstream(findings: Iterable[Finding], policy: Policy) -> list[Finding]:
    """The findings of a commit that is upstream already: its secrets are warnings by default."""
    weight = Severity.ERROR if policy.upstream == "refuse" else Severity.WARNING
    fix = "it lies upstream already: have it revoked where it was issued"
    return [
        replace(finding, severity=weight, fix=fix) if finding.rule in ABOUT_SECRETS else finding for finding in findings
    ]


def check_store(change: ChangeSet) -> list[Finding]:
    """Everything in a change of a store that breaks a rule, in order of place."""
    found = list(_documents(change))
    for rule in policy_rules():
        found += rule.check(change)
    right = {finding.path for finding in found if _was_right(change, finding.path)}
    return in_order(
        replace(finding, fix=change.restoring(finding.path)) if finding.path in right else finding for finding in found
    )


def _was_right(change: ChangeSet, path: str) -> bool:
    """Whether an admission that breaks a rule was right before, under a decision in force: it is to be restored."""
    before = change.before
    data = before.read(path) if before and path in change.changed else None
    if before is None or data is None or before.kind_of(path) != "admission":
        return False
    try:
        old = parse_admission(path, data)
    except RejectedError:
        return False
    record = before.find_record(old.text("decision_record"))
    if record is None or not record.is_approved or record.path in change.changed:
        return False
    return admission_path(before, record) == path and not differing_keys(old, record)


def check_files(files: Iterable[ChangedFile], fix: str = "", baseline: Baseline | None = None) -> list[Finding]:
    """What is wrong with changed files, wherever they lie, in order of place."""
    rules = file_rules()
    return in_order(finding for file in files for rule in rules for finding in rule.check(file, fix, baseline))


_OF_ITS_DAY = (APPROVAL_APPROVER_UNKNOWN, APPROVAL_CHANNEL_UNKNOWN)
"""Rules that do not apply to a decision that is over: its approver was valid at that time."""


def _documents(change: ChangeSet) -> Iterator[Finding]:
    """What is wrong with each changed document on its own."""
    snapshot = change.after
    for path in sorted(change.changed):
        data = snapshot.read(path)
        kind = snapshot.kind_of(path)
        if data is None or kind is None:
            continue
        try:
            if kind == "admission":
                yield from _admission(change, path, data)
            elif kind == "sot":
                parse_policy(path, data)
            else:
                loaded = snapshot.load(path)
                is_over = loaded.record is not None and not loaded.record.is_active
                yield from (found for found in loaded.findings if not (is_over and found.rule in _OF_ITS_DAY))
        except RejectedError as error:
            yield from error.findings


def _admission(change: ChangeSet, path: str, data: bytes) -> Iterator[Finding]:
    snapshot = change.after
    admission = parse_admission(path, data)
    passed_over = ABOUT_SECRETS if admission.is_in_force else {*ABOUT_SECRETS, *_OF_ITS_DAY}
    for finding in problems(admission, snapshot.policy, snapshot.formats, now=snapshot.now):
        if finding.rule not in passed_over:  # secrets are found by the search of all files
            yield finding


def _baseline(change: Change) -> tuple[Baseline | None, list[Finding]]:
    """The false alarms that `accepting` accepts; a baseline that cannot be read accepts none, and is a finding."""
    path = change.policy().baseline
    data = change.accepting.read(path) if change.accepting else None
    if data is None:
        return None, []
    try:
        return parse_baseline(data), []
    except BaselineError as error:
        fix = "correct it, or make it again: sotctl scan --update-baseline"
        return None, [BASELINE_INVALID.finding(path, str(error), fix)]


def _stale(change: Change, baseline: Baseline) -> Iterator[Finding]:
    """The lines of the baseline that accept nothing in the files that are there."""
    path = change.policy().baseline
    met = set()
    for file in change.files():
        if any(entry.path == file.path for entry in baseline.accepted):
            data = b"".join(file.chunks())
            met |= baseline.sorted_out(scan(data, path=file.path), data, path=file.path)[1]
    for entry in baseline.stale(met):
        message = f"the line for {entry.rule} in {quote(entry.path)} accepts nothing that is there"
        fix = Command(f"sotctl scan --update-baseline {entry.path}")
        yield BASELINE_STALE.finding(path, message, fix, severity=Severity.WARNING)
