"""The report of a run for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def to_markdown(values: dict[str, Any]) -> str:
    """The report for a person."""
    pair = f"`{values['case_model_provider']}` / `{values['case_model']}`" if values["case_model"] else "none"
    scan, case = values["secret_scan"], values["case"]
    lines = [
        f"# Stage 2 run: {values['result']}",
        "",
        f"{values['message'][:1].upper()}{values['message'][1:]} ({values['reason']}).",
        "",
        "| | |",
        "| --- | --- |",
        f"| Run | `{values['run_id']}` |",
        f"| Task | `{values['task_id']}` |",
        f"| Admitted pair | {pair} |",
        f"| Admission status | `{values['case_model_admission_status']}` |",
        f"| Admission | `{values['admission_sha256']}` |",
        f"| Approval | {values['approval_source'] or 'none'} |",
        f"| Signature | {values['signature']['state']} |",
        f"| Tests, real | {_tests(values['baseline']['real'])} |",
        f"| Tests, fake baseline | {_tests(values['baseline']['fake'])} |",
        f"| Secret scan | {scan['files']} files, {len(scan['findings'])} findings |",
        f"| Backend | {_ended(case)} |",
        f"| Isolation | {values['isolation']['tool']} |",
    ]
    if values["used"]:
        lines += ["", "## Used", "", "| agent | pair | spawns | requests | served |", "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| {row['agent']} | `{row['provider']}/{row['model']}` | {row['spawns']} | {row['requests']} "
            f"| {', '.join(row['served_models']) or 'not named'} |"
            for row in values["used"]
        ]
    if len(values["problems"]) > 1:
        lines += ["", "## Problems", "", *(f"- {row['message']} ({row['reason']})" for row in values["problems"])]
    lines += ["", "## Next", "", f"{values['next']}", ""]
    written = "prevented" if values["isolation"]["writes_outside_prevented"] else "not prevented"
    lines += [
        "That nothing outside the run directory was read cannot be shown by this report; "
        f"writing outside it was {written}.",
        "",
    ]
    return "\n".join(lines)


def _ended(case: Mapping[str, Any]) -> str:
    """How the backend ended; of a blocked run, that it was not started."""
    if case["exit_status"] is None and case["ended_by"] is None:
        return "not started"
    return f"exit status {case['exit_status']}, outcome {case['outcome'] or 'none'}"


def _tests(result: dict[str, Any]) -> str:
    words = {True: "pass", False: "fail", None: "not run"}
    return f"{words[result['passed_before']]} before, {words[result['passed_after']]} after"
