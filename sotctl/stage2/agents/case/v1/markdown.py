"""The report of a run of v1 for a person."""

from __future__ import annotations

from typing import Any

from sotctl.evidence.markdown import ended_cell, tests_cell


def to_markdown(values: dict[str, Any]) -> str:
    """The report for a person."""
    pair = f"`{values['case_model_provider']}` / `{values['case_model']}`" if values["case_model"] else "none"
    scan, case = values["secret_scan"], values["case"]
    real, fake = values["baseline"]["real"], values["baseline"]["fake"]
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
        f"| Tests, real | {tests_cell(real['passed_before'], real['passed_after'])} |",
        f"| Tests, fake baseline | {tests_cell(fake['passed_before'], fake['passed_after'])} |",
        f"| Secret scan | {scan['files']} files, {len(scan['findings'])} findings |",
        f"| Backend | {ended_cell(case['exit_status'], case['ended_by'], case['outcome'])} |",
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
