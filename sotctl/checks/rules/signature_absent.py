"""Where the store requires signatures, an admission in force carries one, of these bytes."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.admissions.signature import SUFFIX
from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.errors import Command
from sotctl.findings import Finding, Severity


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look for the signature beside every admission in force; whether it is good, `health` and the gate verify.

    It is a warning, since the bytes are committed before they are signed.
    """
    if not change.after.policy.require_signature:
        return
    for admission in change.admissions():
        signature = f"{admission.path}{SUFFIX}"
        if not admission.is_in_force:
            continue
        if not (change.after.read(signature) or b"").strip():
            reason = "carries no signature, and sot.toml requires one"
        elif change.before and admission.path in change.changed and signature not in change.changed:
            reason = "has changed, and its signature has not"
        else:
            continue
        pair = "/".join(admission.pair)
        message = f"the admission of {pair} {reason}; the gate refuses it"
        fix = Command(f"sotctl admission sign {pair}")
        yield RULE.finding(admission.path, message, fix, severity=Severity.WARNING)


RULE = PolicyRule(
    id="signature-absent",
    summary="Where signatures are required, an admission in force carries one, made of its present bytes.",
    why="The gate refuses an admission without it, however sound the rest of the store is.",
    fix="Run `sotctl admission sign`, and commit the signature.",
    check=check,
)
