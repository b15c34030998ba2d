"""Findings as annotations of a GitHub workflow.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.findings import Finding
from sotctl.report import Checked, Format
from sotctl.report.formats.text import summary
from sotctl.report.places import printable, stands_in_file, visible


def render(findings: Sequence[Finding], checked: Checked, verb: str = "check") -> str:
    """One workflow command for each finding, then a line that counts them."""
    return "\n".join([*(_annotation(finding) for finding in printable(findings)), summary(findings, checked), ""])


def _annotation(finding: Finding) -> str:
    place = {"title": finding.rule.id}
    if stands_in_file(finding):
        place = {"file": visible(finding.path), "line": str(finding.line), "col": str(finding.column), **place}
    properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    commit = f" (in {finding.commit[:12]})" if finding.commit else ""
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return f"::{finding.severity} {properties}::{_data(f'{finding.message}{commit}{fix}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = Format(id="github", render=render)
