"""A found secret as a finding: its rule, place and length, and never itself."""

from __future__ import annotations

from sotctl.findings import Finding, FoundSecret, Location, Place
from sotctl.secrets.bounds import UNSEARCHED
from sotctl.secrets.reasons import SECRET, SECRETS_UNSEARCHED
from sotctl.secrets.secret import Secret


def as_finding(secret: Secret, where: str | Location, fix: str, *, fingerprint: str = "") -> Finding:
    """The finding of *secret* in a file, or at a location of its own.

    *fix* is how to take it out, *fingerprint* is keyed by the baseline.
    """
    if isinstance(where, str):
        where = Location(file=where, line=secret.line, column=secret.column)
    if secret.rule == UNSEARCHED.id:
        return Finding(
            rule=SECRETS_UNSEARCHED,
            location=where,
            message="from here on the text is not searched for secrets: it holds more of them, or more packed data,"
            " than are searched",
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
    """The finding of *secret* where there is no file."""
    return as_finding(secret, Location(place=place, line=secret.line, column=secret.column), fix)
