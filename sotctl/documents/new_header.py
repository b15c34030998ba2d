"""The governed fields of a document that sotctl writes anew (docs/reference/documents.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sotctl.documents.dates import today
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
