"""Findings for code scanning: SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from sotctl import __version__
from sotctl.findings import Finding, Rule
from sotctl.report import Checked, Format
from sotctl.report.places import printable, stands_in_file, visible

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(findings: Sequence[Finding], checked: Checked, verb: str = "check") -> str:
    """One SARIF log with one run; the rules that were broken are described in it."""
    rules = sorted({finding.rule for finding in findings}, key=lambda rule: rule.id)
    driver = {"name": "sotctl", "semanticVersion": __version__, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules.index(finding.rule)) for finding in printable(findings)],
        "properties": {"verb": verb, "checked": dict(checked)},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    fix = f" Fix: {finding.fix}" if finding.fix else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": f"{finding.message}{'' if finding.message.endswith('.') else '.'}{fix}"},
        "locations": [_location(finding)],
    }
    if finding.secret and finding.secret.fingerprint:
        result["partialFingerprints"] = {"sotctlSecret/v1": finding.secret.fingerprint}
    properties: dict[str, object] = {"commit": finding.commit} if finding.commit else {}
    if finding.secret:
        properties |= {"secretRule": finding.secret.rule, "length": finding.secret.length}
    if properties:
        result["properties"] = properties
    return result


def _location(finding: Finding) -> dict[str, Any]:
    if not stands_in_file(finding):
        return {"logicalLocations": [{"fullyQualifiedName": visible(finding.path) or "store"}]}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(os.fsencode(finding.path)), "uriBaseId": "SRCROOT"},
            "region": {"startLine": finding.line, "startColumn": finding.column},
        }
    }


FORMAT = Format(id="sarif", render=render)
