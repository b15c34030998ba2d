"""Findings and errors for a person: where, which rule, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.documents.quote import counted
from sotctl.errors import Command
from sotctl.findings import Finding, Severity
from sotctl.report import Checked, Format
from sotctl.report.places import printable, visible
from sotctl.report.terminal import broken, columns, remedy, style


def render(findings: Sequence[Finding], checked: Checked, verb: str = "check", *, stream: object = None) -> str:
    """One paragraph for each finding, then a line that counts them."""
    width, lines = columns(stream, 0), []
    for finding in printable(findings):
        lines += [*_heading(finding, width, stream), *broken(finding.message, width, "    ")]
        if finding.fix:
            lines += [style(line, "fix", stream=stream) for line in remedy(finding.fix, width, "    fix: ", "    ")]
    return "\n".join([*lines, summary(findings, checked), ""])


def _heading(finding: Finding, width: int, stream: object) -> list[str]:
    """Where a finding is and what it is; on a narrow screen the place, which is copied, has a line of its own."""
    place = f"{visible(finding.path)}:{finding.line}:{finding.column}" if finding.path else "store"
    severity = style(finding.severity, finding.severity, stream=stream)
    what = f" {finding.rule.id}" + (f" in {finding.commit[:12]}" if finding.commit else "")
    gap = "\n  " if 0 < width < len(f"{place}: {finding.severity}{what}") else " "
    return f"{style(place, 'place', stream=stream)}:{gap}{severity}{what}".split("\n")


def summary(findings: Sequence[Finding], checked: Checked) -> str:
    """What was checked and what was found, in one line."""
    counted = ", ".join(
        f"{count} {name if count != 1 else name.removesuffix('s')}"
        for name, count in checked.items()
        if isinstance(count, int)
    )
    return counts(findings) + (f" ({counted})" if counted else "")


def counts(findings: Sequence[Finding]) -> str:
    """How many errors and warnings there are, in words."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    numbers = ((errors, "error"), (len(findings) - errors, "warning"))
    return ", ".join(counted(count, name) for count, name in numbers if count) or "no findings"


def failure(message: str, hint: str, prefix: str, *, stream: object) -> str:
    """An error and the way out of it, broken to the width of *stream*; indented lines stay so, commands there whole."""
    width = columns(stream, 0)
    first, *others = message.split("\n")
    lines = broken(first, width, prefix, "  ")
    for line in others:
        indent = line[: len(line) - len(line.lstrip())]
        text = Command(line.lstrip()) if line.startswith(f"{indent}sotctl ") else line.lstrip()
        lines += (remedy if indent else broken)(text, width, indent, indent + "  ")
    if hint:
        lines += remedy(hint, width, "hint: ", "  ")
    return "\n".join([*lines, ""])


FORMAT = Format(id="text", render=render)
