"""Where a finding stands, and what of that may be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sotctl.findings import Finding
from sotctl.secrets import scan_path

_APART = ("commit message", "commit header", "tag message", "tag header")


def stands_in_file(finding: Finding) -> bool:
    """Whether the path of a finding is that of a file, and not a message, or a name that must not be shown."""
    return bool(finding.path) and not finding.path.startswith("(") and finding.path not in _APART


def printable(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings as every format may print them: a path that holds a secret is withheld, also where it is named."""
    told = "\n".join(f"{finding.path}\n{finding.message}\n{finding.fix}" for finding in findings)
    return [_printable(finding) for finding in findings] if scan_path(told) else findings


def _printable(finding: Finding) -> Finding:
    path = "(path withheld)" if scan_path(finding.path) else finding.path
    return replace(finding, path=path, message=_masked(finding.message), fix=_masked(finding.fix))


def _masked(text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    for secret in sorted(scan_path(text), key=lambda secret: secret.start, reverse=True):
        data = data[: secret.start] + b"(withheld)" + data[secret.start + secret.length :]
    return data.decode("utf-8", "surrogateescape")
