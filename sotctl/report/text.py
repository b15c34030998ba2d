"""Findings for a person: where, which rule, what, and what puts it right."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence

from sotctl.documents.quote import counted
from sotctl.findings import Finding, Severity
from sotctl.report import Checked, Format
from sotctl.report.places import printable

_STYLES = {"error": "31", "warning": "33", "place": "1", "fix": "2"}


def style(text: str, name: str, *, stream: object = None) -> str:
    """*text* in colour where *stream* (default stdout) is a terminal that wants it (https://no-color.org)."""
    stream = stream or sys.stdout
    wanted = (
        getattr(stream, "isatty", lambda: False)()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )
    return f"\x1b[{_STYLES[name]}m{text}\x1b[0m" if wanted else text


def render(findings: Sequence[Finding], checked: Checked, verb: str = "check", *, stream: object = None) -> str:
    """One paragraph for each finding, then a line that counts them."""
    lines = []
    for finding in printable(findings):
        place = f"{visible(finding.path)}:{finding.line}:{finding.column}" if finding.path else "store"
        severity = style(finding.severity, finding.severity, stream=stream)
        commit = f" in {finding.commit[:12]}" if finding.commit else ""
        lines.append(f"{style(place, 'place', stream=stream)}: {severity} {finding.rule}{commit}")
        lines.append(f"    {finding.message}")
        if finding.fix:
            lines.append(style(f"    fix: {finding.fix}", "fix", stream=stream))
    return "\n".join([*lines, summary(findings, checked), ""])


def summary(findings: Sequence[Finding], checked: Checked) -> str:
    """What was looked at and what was found, in one line."""
    looked = ", ".join(
        f"{count} {name if count != 1 else name.removesuffix('s')}"
        for name, count in checked.items()
        if isinstance(count, int)
    )
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    found = [counted(count, name) for count, name in ((errors, "error"), (warnings, "warning")) if count]
    return f"{', '.join(found) or 'no findings'}" + (f" ({looked})" if looked else "")


def visible(path: str) -> str:
    """A path on one line, whatever bytes it holds."""
    if path.isprintable():
        return path
    return path.encode("utf-8", "backslashreplace").decode().encode("unicode_escape").decode()


def wrapped(text: str, lead: str) -> list[str]:
    """*text* behind *lead*, broken at words to the width of the terminal, at most 100 columns."""
    width = max(30, min(shutil.get_terminal_size((80, 24)).columns, 100))
    return textwrap.wrap(
        text, width, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
    ) or [lead]


FORMAT = Format(id="text", render=render)
