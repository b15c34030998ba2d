"""A verified run as in-toto statements, unsigned, for the signer that the user has.

Sources: the in-toto attestation framework (Statement v1) and its predicates Simple Verification Result v0.1 and Test
Result v0.1. One statement a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sotctl.evidence.record import describe
from sotctl.evidence.report import PASS, FixtureResult, Report

STATEMENT = "https://in-toto.io/Statement/v1"
VERDICT = "https://in-toto.io/attestation/svr/v0.1"
TESTS = "https://in-toto.io/attestation/test-result/v0.1"


def statements(report: Report, report_sha256: str, created_at: str) -> Iterator[dict[str, Any]]:
    """The verdict on the run, and the result of the fixture's tests; *created_at* is when it was verified."""
    subject = [{"name": f"{report.run_id}/report.json", "digest": {"sha256": report_sha256}}]
    yield {
        "_type": STATEMENT,
        "subject": subject,
        "predicateType": VERDICT,
        "predicate": {
            "verifier": {"id": "sotctl"},
            "timeCreated": created_at,
            "properties": list(_properties(report)),
        },
    }
    yield {"_type": STATEMENT, "subject": subject, "predicateType": TESTS, "predicate": _tests(report)}


def to_lines(found: Iterator[dict[str, Any]]) -> str:
    """Statements as JSON lines."""
    return "\n".join(json.dumps(statement, sort_keys=True) for statement in found)


def _properties(report: Report) -> Iterator[str]:
    """The verified properties; a run that did not pass has only its result."""
    yield f"SOTCTL_STAGE2_{report.result.upper()}"
    if report.result == PASS:
        yield "SOTCTL_ADMITTED_PAIR_ONLY" if report.is_isolated else "SOTCTL_ADMITTED_PAIR_USED"
        yield f"SOTCTL_ISOLATION_{report.isolation.upper()}"


def _tests(report: Report) -> dict[str, Any]:
    before, after = report.baseline.real.passed_before, report.baseline.real.passed_after
    names = {"real": report.baseline.real, "fake": report.baseline.fake}
    configuration: list[dict[str, Any]] = [
        {"name": "task", "digest": {"sha256": report.task_sha256}},
        {"name": "fixture", "digest": {"sha256": report.baseline.fixture_tree_sha256}},
        {"name": describe(report.backend), "digest": {"sha256": report.backend.entry_sha256}},
        *([{"name": "admission", "digest": {"sha256": report.admission_sha256}}] if report.admission_sha256 else []),
    ]
    return {
        "result": "PASSED" if before is False and after else "FAILED",
        "configuration": [entry for entry in configuration if entry["digest"]["sha256"]],
        "passedTests": [name for name, result in names.items() if _is_good(result)],
        "warnedTests": [],
        "failedTests": [name for name, result in names.items() if not _is_good(result)],
    }


def _is_good(result: FixtureResult) -> bool:
    """Whether the tests of a fixture failed at first and passed at the end."""
    return result.passed_before is False and bool(result.passed_after)
