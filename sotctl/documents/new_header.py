"""What sotctl writes anew: the governed fields of a document, and an issues document (docs/reference/documents.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sotctl.documents.dates import today
from sotctl.documents.edits import header
from sotctl.documents.policy import Policy


def new_header(title: str, *, status: str, policy: Policy, owner: str, route: str, now: datetime) -> dict[str, Any]:
    """The eight fields in their order, dated *now*; *owner* and *route* hold where the configuration names none."""
    return {
        "title": title,
        "status": status,
        "lifecycle_classification": "sot",
        "owner": policy.owner or owner,
        "created": today(now),
        "last_reviewed": today(now),
        "core_promotion_status": "not-promoted",
        "route": policy.route or route,
    }


def new_document(title: str, *, policy: Policy, route: str, now: datetime, owner: str = "") -> str:
    """An issues document without an issue; its owner is the approver where neither *owner* nor *policy* names one."""
    owner = owner or policy.approvers[0].lower()
    values = new_header(title, status="draft", policy=policy, owner=owner, route=route, now=now)
    return f"{header(values)}\n# {title}\n"
