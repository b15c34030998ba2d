"""Who approved an admission (SPEC section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from sotctl.documents.dates import is_after, parse_date
from sotctl.documents.formats import FORMATS, Formats, Reason, is_placeholder
from sotctl.documents.policy import Policy
from sotctl.documents.quote import listed

_APPROVED = re.compile(r"(?P<who>\S.*?) approval on (?P<day>\S+)")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#:@-]*")
_DENIED = re.compile(
    r"(?<!\S)(?:no|not|\S+n't|never|without|denied|refused|rejected|declined|withheld|withdrawn|revoked|pending|awaiting)"
    r"(?!\S)",
    re.IGNORECASE,
)
"""Words that, as a whole word of the channel, say the opposite of an approval, or that there is none yet.

Only plain denials stand here: `pull-request`, `May-board-meeting` and the like are channels.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval reference: an approver, a channel and a day, or a governed route reference without a day."""

    source: str
    day: date | None = None


def parse_approval(source: str, policy: Policy, *, now: datetime) -> Approval | Reason:
    """Read an `approval_source`, or say why it is none.

    The approver must be listed in *policy*; the day must be real and not after *now* everywhere on Earth.
    """
    if is_placeholder(source):
        return Reason("names no approval", "approval-source-missing")
    if source != source.strip() or not source.isprintable() or not source.isascii():
        return Reason("holds a space around it or a character that is not visible ASCII", "approval-source-invalid")
    prefix = f"{policy.core_route_prefix} "
    if source.startswith(prefix):
        reference = source.removeprefix(prefix)
        if is_placeholder(reference) or not _REFERENCE.fullmatch(reference):
            return Reason(f"names no route after {policy.core_route_prefix!r}", "approval-source-invalid")
        return Approval(source=source)
    match = _APPROVED.fullmatch(source)
    if match is None:
        form = f"is neither `<approver> <channel> approval on <YYYY-MM-DD>` nor `{policy.core_route_prefix} <REF>`"
        return Reason(form, "approval-source-invalid")
    return _approval_by_person(source, match, policy, now)


def _approval_by_person(source: str, match: re.Match[str], policy: Policy, now: datetime) -> Approval | Reason:
    approver = next((name for name in policy.approvers if match["who"].startswith(f"{name} ")), None)
    if approver is None:
        known = listed(list(policy.approvers))
        if match["who"] in policy.approvers:
            return Reason("names no channel between the approver and `approval`", "approval-source-invalid")
        return Reason(f"is not by an approver of this store ({known})", "approval-approver-unknown")
    channel = match["who"].removeprefix(f"{approver} ")
    if is_placeholder(channel):
        return Reason("names no channel between the approver and `approval`", "approval-source-invalid")
    if _DENIED.search(channel):
        return Reason("says that approval was refused or is still open", "approval-source-invalid")
    day = parse_date(match["day"])
    if day is None:
        return Reason("does not end in a date that exists, written YYYY-MM-DD", "approval-date-invalid")
    if is_after(day, now):
        return Reason("is dated in the future", "approval-date-future")
    return Approval(source=source, day=day)


def bound_formats(policy: Policy, *, now: datetime) -> Formats:
    """The formats that schemas name, with `approval-source` bound to a policy and a time."""

    def approval_source(text: str) -> Reason | None:
        outcome = parse_approval(text, policy, now=now) if text else None
        return outcome if isinstance(outcome, Reason) else None

    return {**FORMATS, "approval-source": approval_source}
