"""A governed issue leaves `blocked` only with an admission in force and evidence of a pass with it."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, Rule
from sotctl.evidence.record import unmet
from sotctl.findings import Finding

TAKEN_UP = frozenset({"ready", "in_progress", "validated"})


def check(change: ChangeSet) -> Iterator[Finding]:
    """Look at every issue that a decision template governs and that the change moves out of `blocked`."""
    if change.before is None or not change.touches("issues"):
        return
    before = {issue.id: issue.status for issue in change.before.issues()}
    for issue in change.after.issues():
        if issue.status not in TAKEN_UP or before.get(issue.id) in (None, issue.status, *TAKEN_UP):
            continue
        if change.after.templates.deciding(issue.id) is None:
            continue
        for sentence in unmet(change.after, issue.id):
            yield Finding(
                rule=RULE.id,
                path=issue.path,
                line=issue.line,
                message=f"{issue.id} cannot become {issue.status}: {sentence.partition(': ')[0]}",
                fix=sentence.partition(": ")[2],
            )


RULE = Rule(
    id="evidence-unmet",
    summary="A governed issue is taken up only with an admission in force and evidence of a pass with it.",
    why="That is the effect of its decision: it remains blocked until both exist.",
    mend="Run Stage 2 with the admitted pair, verify the run, and record it: `sotctl evidence record`.",
    check=check,
)
