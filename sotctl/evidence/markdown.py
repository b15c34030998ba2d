"""The report of a run for a person."""

from __future__ import annotations

from sotctl.evidence.report import Report

_NOT_SHOWN = (
    "The program ran without isolation. This report does not show that it read nothing outside the run directory, that "
    "it reached no other host, and that nothing else wrote to the fixture."
)
_SHOWN = (
    "The program ran in a sandbox: it could reach the recorder and no other host, and could read neither the home of "
    "the user nor any other repository."
)


def to_markdown(report: Report) -> str:
    """The report for a person."""
    pair = f"`{report.case_model_provider}` / `{report.case_model}`" if report.case_model else "none"
    scan, tests = report.secret_scan, report.baseline
    lines = [
        f"# Stage 2 run: {report.result}",
        "",
        f"{report.message[:1].upper()}{report.message[1:]} ({report.reason}).",
        "",
        "| | |",
        "| --- | --- |",
        f"| Run | `{report.run_id}` |",
        f"| Task | `{report.task_id}` |",
        f"| Backend | {_program(report)} |",
        f"| Admitted pair | {pair} |",
        f"| Also answered as | {', '.join(f'`{name}`' for name in report.served_models) or 'no other name'} |",
        f"| Admission status | `{report.case_model_admission_status}` |",
        f"| Admission | `{report.admission_sha256}` |",
        f"| Approval | {report.approval_source or 'none'} |",
        f"| Signature | {report.signature.state} |",
        f"| Credential | {report.credential} |",
        f"| Tests, real | {tests_cell(tests.real.passed_before, tests.real.passed_after)} |",
        f"| Tests, fake baseline | {tests_cell(tests.fake.passed_before, tests.fake.passed_after)} |",
        f"| Secret scan | {scan.files} files, {len(scan.findings)} findings |",
        f"| Ended | {ended_cell(report.case.exit_status, report.case.ended_by, report.case.outcome)} |",
        f"| Isolation | {report.isolation} |",
    ]
    if report.used:
        lines += ["", "## Used", "", "| agent | pair | spawns | requests | served |", "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| {row.agent} | `{row.provider}/{row.model}` | {row.spawns} | {row.requests} "
            f"| {', '.join(row.served_models) or 'not named'} |"
            for row in report.used
        ]
    if len(report.problems) > 1:
        lines += ["", "## Problems", ""]
        lines += [f"- {cause.message} ({cause.reason}{_times(cause.count)})" for cause in report.problems]
    lines += ["", "## Next", "", report.next, "", _SHOWN if report.is_isolated else _NOT_SHOWN, ""]
    return "\n".join(lines)


def _program(report: Report) -> str:
    who = report.backend
    commit = f", commit `{who.commit}`{' with changes' if who.dirty else ''}" if who.commit else ""
    return (
        f"{who.name}: {who.program or 'a program without a package.json'} {who.version}{commit}, `{who.entry_sha256}`"
    )


def _times(count: int) -> str:
    return f", {count} times" if count > 1 else ""


def ended_cell(exit_status: int | None, ended_by: str | None, outcome: str | None) -> str:
    """How the program ended; of a blocked run, that it was not started."""
    if exit_status is None and ended_by is None:
        return "not started"
    return f"exit status {exit_status}, outcome {outcome or 'none'}"


def tests_cell(before: bool | None, after: bool | None) -> str:
    """How the tests of a fixture ended."""
    words = {True: "pass", False: "fail", None: "not run"}
    return f"{words[before]} before, {words[after]} after"
