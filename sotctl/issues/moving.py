"""Several issues moved to one status: one plan, one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sotctl.documents.snapshot import Snapshot
from sotctl.issues.moves import Obstacle
from sotctl.issues.planning import ObstructedError, plan_move
from sotctl.plan import Plan

Obstacles = Callable[[Snapshot, str], Sequence[Obstacle]]
"""The obstacles of each issue, by its id."""


def plan_moves(
    snapshot: Snapshot,
    issue_ids: Sequence[str],
    to: str,
    reason: str,
    *,
    now: datetime,
    unmet: Obstacles,
    beside: Obstacles,
    override: bool = False,
) -> Plan:
    """Plan to move issues in order, each on the result of the one before.

    Args:
        unmet: The acceptance bullets of an issue that are not met.
        beside: Further obstacles of an issue, found outside of the store.
    Raises:
        ObstructedError: At least one cannot be moved; the obstacles of all are named.
        BlockedError: The table has no such move for one of them.
    """
    plans: list[Plan] = []
    refused: list[ObstructedError] = []
    here = snapshot
    for issue_id in issue_ids:
        found = {"unmet": unmet(here, issue_id), "beside": beside(here, issue_id)}
        try:
            plan = plan_move(here, issue_id, to, reason, now=now, override=override, **found)
        except ObstructedError as error:
            refused.append(error)
            continue
        plans.append(plan)
        here = here.with_files(plan.files)
    if refused:
        message = "; ".join(error.message for error in refused)
        raise ObstructedError(message, [obstacle for error in refused for obstacle in error.obstacles])
    return plans[0] if len(plans) == 1 else _together(plans, reason)


def _together(plans: Sequence[Plan], reason: str) -> Plan:
    """One plan from several, each made on the result of the one before."""
    files: dict[str, bytes] = {}
    before: dict[str, bytes | None] = {}
    for plan in plans:
        files |= plan.files
        before = dict(plan.before) | before
    heads = [plan.message.partition("\n")[0] for plan in plans]
    trailers = [line for plan in plans for line in plan.message.rpartition("\n\n")[2].splitlines()]
    moved = ", ".join(head.partition(":")[0] for head in heads)
    to = heads[0].rpartition(" ")[2]
    lines = [f"{moved}: -> {to}", "", *heads, ""]
    lines += [reason, ""] if reason else []
    return Plan(files=files, before=before, message="\n".join([*lines, *trailers, ""]))
