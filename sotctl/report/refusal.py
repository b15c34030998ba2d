"""A refusal on one screen: what is wrong, where, why that is a rule, and what puts it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sotctl.findings import Explanation, Finding, Severity
from sotctl.report.text import style, summary, visible

_LINES_EACH = 5


def render(
    what: str,
    findings: Sequence[Finding],
    explanations: Mapping[str, Explanation],
    after: Sequence[str],
    *,
    height: int,
    again: str,
    stream: object,
) -> str:
    """The screen of a refusal, or of warnings.

    Args:
        after: Lines that follow the findings: what remains of a secret, how to go on.
        height: Lines of the screen; at least one finding is shown, whatever it is.
        again: The command that shows all findings when there are more than fit.
    """
    worst = sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)
    refused = any(finding.severity is Severity.ERROR for finding in findings)
    room = max(1, (height - len(after) - 5) // _LINES_EACH)
    counted = summary(findings, {}).partition(" (")[0]
    lines = [f"sotctl: {what} {'is refused:' if refused else 'passes with'} {counted}", ""]
    explained: set[str] = set()
    for finding in worst[:room]:
        lines += [*_finding(finding, explanations, explained, stream), ""]
    if len(worst) > room:
        lines += [f"and {len(worst) - room} more; all of them: {again}", ""]
    return "\n".join([*lines, *after]).rstrip("\n") + "\n"


def _finding(
    finding: Finding, explanations: Mapping[str, Explanation], explained: set[str], stream: object
) -> list[str]:
    severity = style(finding.severity, finding.severity, stream=stream)
    place = f"{visible(finding.path)}:{finding.line}:{finding.column}"
    commit = f" in {finding.commit[:12]}" if finding.commit else ""
    lines = [
        f"{severity}: {finding.message} [{finding.rule}]",
        f"    where  {style(place, 'place', stream=stream)}{commit}",
    ]
    if finding.rule in explanations and finding.rule not in explained:
        explained.add(finding.rule)
        lines.append(f"    why    {explanations[finding.rule].why}")
    if finding.fix:
        lines.append(f"    fix    {finding.fix}")
    return lines
