"""Who approved an admission; `docs/reference/approval.md` describes it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime

from sotctl.documents import rules
from sotctl.documents.dates import is_after, parse_date
from sotctl.documents.formats import FORMATS, Formats, Reason, denies, is_placeholder
from sotctl.documents.formats import channel as channel_problem
from sotctl.documents.policy import Policy
from sotctl.documents.quote import listed, quote
from sotctl.secrets import scan_text

_REFERENCE = r"[A-Za-z0-9][A-Za-z0-9._/#:@-]*"
_APPROVED = " approval on "


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval reference: an approver, a channel and a day, or a governed route reference without a day."""

    source: str
    day: date | None = None


def parse_approval(source: str, policy: Policy, *, now: datetime) -> Approval | Reason:
    """Parse an `approval_source`, or say why it is not one.

    The approver and the channel must be listed in *policy*; the day must be real and not after *now* everywhere on
    Earth.
    """
    if is_placeholder(source):
        return Reason("names no approval", rules.APPROVAL_SOURCE_MISSING)
    if source != source.strip() or not source.isprintable():
        return Reason("has space around it or holds an invisible character", rules.APPROVAL_SOURCE_INVALID)
    prefix = f"{policy.core_route_prefix} "
    if source.startswith(prefix):
        reference = source.removeprefix(prefix)
        if is_placeholder(reference) or not re.fullmatch(_REFERENCE, reference):
            return Reason(f"names no route after {policy.core_route_prefix!r}", rules.APPROVAL_SOURCE_INVALID)
        return Approval(source=source)
    given, separator, day = source.rpartition(_APPROVED)
    if not separator or not given or " " in day:
        form = f"is neither `<approver> <channel> approval on <YYYY-MM-DD>` nor `{policy.core_route_prefix} <REF>`"
        return Reason(form, rules.APPROVAL_SOURCE_INVALID)
    return _problem_of_giving(given, policy) or _dated(source, day, now)


def approver_of(source: str, policy: Policy) -> str | None:
    """The approver that a text begins with, as *policy* lists the name; None where it begins with none."""
    text = _composed(source)
    names = [name for name in policy.approvers if text.startswith(f"{_composed(name)} ")]
    return max(names, key=len, default=None)


def same_name(one: str, other: str) -> bool:
    """Whether two texts are the same name, ignoring case."""
    return _composed(one).casefold() == _composed(other).casefold()


def _problem_of_giving(given: str, policy: Policy) -> Reason | None:
    """Why the text before `approval` does not name an approver and a channel."""
    approver = approver_of(given, policy)
    if approver is None:
        if _composed(given) in map(_composed, policy.approvers):
            return Reason("names no channel between the approver and `approval`", rules.APPROVAL_SOURCE_INVALID)
        known = listed(list(policy.approvers))
        return Reason(f"is not by an approver of this store ({known})", rules.APPROVAL_APPROVER_UNKNOWN)
    channel = _composed(given)[len(_composed(approver)) + 1 :]
    if channel in map(_composed, policy.channels):
        return None
    if is_placeholder(channel) or channel != channel.strip():
        return Reason("names no channel between the approver and `approval`", rules.APPROVAL_SOURCE_INVALID)
    if denies(channel):
        return Reason("says that approval was refused or is still open", rules.APPROVAL_SOURCE_INVALID)
    return Reason(
        f"was given by {quote(channel)}, which is no channel of this store ({listed(list(policy.channels))})"
        f"{_accepting(channel, policy)}",
        rules.APPROVAL_CHANNEL_UNKNOWN,
    )


def _accepting(channel: str, policy: Policy) -> str:
    """The line for sot.toml that accepts a channel, if one can."""
    if channel_problem(channel) or scan_text(channel):
        return ""
    line = json.dumps([*policy.channels, channel], ensure_ascii=False)
    return f"; to accept it, write under [approval] in sot.toml: channels = {line}"


def _dated(source: str, written: str, now: datetime) -> Approval | Reason:
    day = parse_date(written)
    if day is None:
        return Reason("does not end in a date that exists, written YYYY-MM-DD", rules.APPROVAL_DATE_INVALID)
    if is_after(day, now):
        return Reason("is dated in the future", rules.APPROVAL_DATE_FUTURE)
    return Approval(source=source, day=day)


def _composed(text: str) -> str:
    """*text* with every letter as one character: a keyboard and a file may write `é` in two ways."""
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFC", text)


def bound_formats(policy: Policy, *, now: datetime) -> Formats:
    """The formats that schemas name, with `approval-source` bound to a policy and a time."""

    def approval_source(text: str) -> Reason | None:
        outcome = parse_approval(text, policy, now=now) if text else None
        return outcome if isinstance(outcome, Reason) else None

    return {**FORMATS, "approval-source": approval_source}
