"""Findings for a program: the document of docs/reference/findings.md."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sotctl.findings import Finding
from sotctl.report import Checked, Format
from sotctl.report.places import printable


def render(findings: Sequence[Finding], checked: Checked, verb: str = "check") -> str:
    """One JSON document."""
    document = {
        "type": f"sotctl.{verb}/v1",
        "findings": [finding.to_json() for finding in printable(findings)],
        "checked": dict(checked),
    }
    return json.dumps(document, indent=2) + "\n"


FORMAT = Format(id="json", render=render)
