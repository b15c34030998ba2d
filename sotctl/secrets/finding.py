"""A found secret as a finding: its rule, place and length, and never itself."""

from __future__ import annotations

from sotctl.findings import Finding
from sotctl.secrets.secret import Secret


def as_finding(secret: Secret, path: str, fix: str, *, fingerprint: str = "") -> Finding:
    """The finding of *secret* in *path*; *fix* is how to take it out, *fingerprint* keyed by the baseline."""
    mark = f", fingerprint {fingerprint}" if fingerprint else ""
    return Finding(
        rule="secret",
        path=path,
        line=secret.line,
        column=secret.column,
        message=f"{secret.summary} ({secret.rule}, {secret.length} characters{mark})",
        fix=fix,
        secret_rule=secret.rule,
        length=secret.length,
        fingerprint=fingerprint,
    )
