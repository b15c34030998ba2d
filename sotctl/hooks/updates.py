"""The common part of reference-transaction, pre-push and pre-receive: checking what refs would reach."""

from __future__ import annotations

from sotctl.fastpath.quick_check import are_plain_updates
from sotctl.git.repository import Git, Objects
from sotctl.git.updates import Reached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sotctl.git.updates import Known, RefUpdate


def check_updates(git: Git, updates: Sequence[RefUpdate], known: Known, what: str) -> int:
    """Check what the updates make reachable, and say what is wrong with it."""
    objects = Objects(git)
    objects.start()  # it starts up while the other gits walk the history
    reached = Reached(git, objects, updates, known)
    if are_plain_updates(git, objects, reached):
        return 0
    # What follows takes ten times as long to import as the quick check.
    from sotctl.hooks.check_updates import check_all_updates
    from sotctl.hooks.refusal import report
    from sotctl.store.store import utc_now

    findings = check_all_updates(git, objects, reached, now=utc_now())
    return report(git, findings, what, updates=updates)
