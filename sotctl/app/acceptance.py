"""Acceptance as the verbs need it: decided with the variables of this process."""

from __future__ import annotations

import os

from sotctl.documents.issues import Issue
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import Command
from sotctl.issues.acceptance import AcceptanceState, acceptance_states
from sotctl.issues.moves import Obstacle


def acceptance_of(snapshot: Snapshot, issue: Issue) -> list[AcceptanceState]:
    """Every acceptance bullet with its state."""
    return acceptance_states(issue, snapshot, os.environ)


def unmet_acceptance(snapshot: Snapshot, issue: Issue) -> list[Obstacle]:
    """The bullets that are not met, as obstacles to validated; a bullet that only a person can decide counts until
    accepted.
    """
    return [
        Obstacle(
            path=issue.path,
            line=state.bullet.line,
            message=state.bullet.text + (f" ({state.proof})" if state.proof else ""),
            fix=Command(f"sotctl issue accept {issue.id} {state.bullet.number} --evidence REF"),
        )
        for state in acceptance_of(snapshot, issue)
        if not state.met
    ]
