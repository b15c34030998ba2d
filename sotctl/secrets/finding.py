"""Turns a found secret into a finding with its rule, place and length, but never its value."""

from __future__ import annotations

from sotctl.findings import Finding, FoundSecret, Location, Place
from sotctl.secrets.bounds import UNSEARCHED
from sotctl.secrets.reasons import SECRET, SECRETS_UNSEARCHED
from sotctl.secrets.secret import Secret


def as_finding(secret: Secret, where: str | Location, fix: str, *, fingerprint: str = "") -> Finding:
    """The finding for *secret*.

    Args:
        where: The file that it is in, or its location.
        fix: How to remove it.
        fingerprint: Its fingerprint under the baseline's key, if there is one.
    """
    if isinstance(where, str):
        where = Location(file=where, line=secret.line, column=secret.column)
    if secret.rule == UNSEARCHED.id:
        return Finding(
            rule=SECRETS_UNSEARCHED,
            location=where,
            message="the text is not searched for secrets from here on: it holds too many of them,"
            " too many words such as `key`, or too much packed data",
            fix=SECRETS_UNSEARCHED.fix,
            secret=FoundSecret(rule=secret.rule, length=secret.length, fingerprint=""),
        )
    mark = f", fingerprint {fingerprint}" if fingerprint else ""
    return Finding(
        rule=SECRET,
        location=where,
        message=f"{secret.summary} ({secret.rule}, {secret.length} characters{mark})",
        fix=fix,
        secret=FoundSecret(rule=secret.rule, length=secret.length, fingerprint=fingerprint),
    )


def in_place(secret: Secret, place: Place, fix: str) -> Finding:
    """The finding for *secret* in a *place* that is no file."""
    return as_finding(secret, Location(place=place, line=secret.line, column=secret.column), fix)
