"""Whether a finding stands in a file, or in something that only a commit has."""

from __future__ import annotations

from sotctl.findings import Finding

_APART = ("commit message", "commit header", "tag message", "tag header")


def stands_in_file(finding: Finding) -> bool:
    """Whether the path of a finding is that of a file, and not a message, or a name that must not be shown."""
    return bool(finding.path) and not finding.path.startswith("(") and finding.path not in _APART
