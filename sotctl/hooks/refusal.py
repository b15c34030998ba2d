"""What a hook says when it refuses."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sotctl.findings import Finding, refuses
from sotctl.report import text


def report(findings: Sequence[Finding], what: str) -> int:
    """Print findings to stderr and return the exit status: 1 when any of them refuses."""
    if not findings:
        return 0
    refused = refuses(findings)
    sys.stderr.write(f"sotctl: {what} {'is refused' if refused else 'passes, with warnings'}\n\n")
    sys.stderr.write(
        text.render(findings, {"finding": len(findings)}, stream=sys.stderr).rpartition("\n")[0].rpartition("\n")[0]
        + "\n"
    )
    sys.stderr.write(text.remains(findings))
    return 1 if refused else 0
