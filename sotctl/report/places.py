"""The place of a finding as it is printed: on one line, and withheld where it holds a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sotctl.errors import Command
from sotctl.findings import Finding, Location, Place
from sotctl.secrets import scan_path
from sotctl.secrets.withheld import masked


def stands_in_file(finding: Finding) -> bool:
    """Whether a finding lies in a file, and not in a message or in a name that must not be shown."""
    return bool(finding.location.file) and finding.location.place is Place.FILE


def visible(path: str) -> str:
    """A path on one line, whatever bytes it holds."""
    if path.isprintable():
        return path
    return path.encode("utf-8", "backslashreplace").decode().encode("unicode_escape").decode()


def printable(findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings as every format may print them: a path that holds a secret is withheld, also where it is named."""
    whole = "\n".join(f"{finding.path}\n{finding.message}\n{finding.fix}" for finding in findings)
    return [_printable(finding) for finding in findings] if scan_path(whole) else findings


def _printable(finding: Finding) -> Finding:
    location = finding.location
    if scan_path(finding.path):
        location = Location(place=Place.FILE_NAME, line=location.line, column=location.column)
    fix = _masked(finding.fix)
    fix = Command(fix) if isinstance(finding.fix, Command) else fix
    return replace(finding, location=location, message=_masked(finding.message), fix=fix)


def _masked(text: str) -> str:
    return masked(text.encode("utf-8", "surrogateescape"), scan_path(text)).decode("utf-8", "surrogateescape")
