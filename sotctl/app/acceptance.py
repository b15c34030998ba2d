"""Acceptance as the verbs need it: judged with the variables of this process."""

from __future__ import annotations

import os

from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.issues.acceptance import Judgement, judge_acceptance
from sotctl.issues.moves import Obstacle


def judged(snapshot: Snapshot, issue: Issue) -> list[Judgement]:
    """Every acceptance bullet with its judgement."""
    return judge_acceptance(issue, snapshot, os.environ)


def unmet_acceptance(snapshot: Snapshot, issue: Issue) -> list[Obstacle]:
    """The bullets that are not met, as obstacles to validated; a bullet that only a person can decide counts until
    accepted.
    """
    return [
        Obstacle(
            path=issue.path,
            line=judgement.bullet.line,
            message=judgement.bullet.text + (f" ({judgement.proof})" if judgement.proof else ""),
            fix=Command(f"sotctl issue accept {issue.id} {judgement.bullet.number} --evidence REF"),
        )
        for judgement in judged(snapshot, issue)
        if not judgement.met
    ]
