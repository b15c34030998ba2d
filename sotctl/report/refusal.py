"""A refusal on one screen: what is wrong, where, why that is a rule, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sotctl.findings import Finding, Rule, Severity
from sotctl.report.formats.text import counts
from sotctl.report.places import printable, visible
from sotctl.report.terminal import NARROW, broken, remedy, rows, style

_INDENT = " " * 4
_AFTERWARDS = 2  # rows that follow: what git says, and the prompt


def render(
    what: str,
    findings: Sequence[Finding],
    explanations: Mapping[str, Rule],
    after: Sequence[str],
    *,
    height: int,
    width: int = 0,
    again: str,
    stream: object,
) -> str:
    """The screen of a refusal, or of warnings.

    Args:
        after: Lines that follow the findings: what remains of a secret, how to go on.
        height: Lines of the screen; at least one finding is always shown.
        width: Columns of the screen: text is broken between words there, commands and paths are left whole; 0 for none.
        again: The command that shows all findings when there are more than fit.
    """
    worst = sorted(printable(findings), key=lambda finding: finding.severity is not Severity.ERROR)
    refused = any(finding.severity is Severity.ERROR for finding in findings)
    last = [row for line in after for row in _row(line, width)]
    lines = [f"sotctl: {what} {'is refused:' if refused else 'passes with'} {counts(findings)}", ""]
    more = _more(worst[1:], again, width)
    rows_left = height - _AFTERWARDS - rows([*lines, *more, *last], width)
    explained: set[str] = set()
    shown = 0
    for finding in worst:
        block = [*_finding(finding, explanations, explained, stream, width), ""]
        if not shown and rows(block, width) > rows_left:
            block = [*_finding(finding, {}, explained, stream, width), ""]
        rows_left -= rows(block, width)
        if shown and rows_left < 0:
            break
        lines += block
        shown += 1
    lines += _more(worst[shown:], again, width)
    return "\n".join([*lines, *last]).rstrip("\n") + "\n"


def _more(rest: Sequence[Finding], again: str, width: int) -> list[str]:
    if not rest:
        return []
    names = ", ".join(dict.fromkeys(finding.rule.id for finding in rest))
    return [*broken(f"and {len(rest)} more ({names}); all of them: {again}", width), ""]


def _row(line: str, width: int) -> list[str]:
    """A line of text as lines that fit; one that is indented is a command, and stays whole to be copied."""
    return [line] if line.startswith(" ") else broken(line, width)


def _finding(
    finding: Finding, explanations: Mapping[str, Rule], explained: set[str], stream: object, width: int
) -> list[str]:
    place = f"{visible(finding.path)}:{finding.line}:{finding.column}"
    commit = f" in {finding.commit[:12]}" if finding.commit else ""
    first, *others = _text(f"{finding.severity}: ", f"{finding.message} [{finding.rule.id}]", width)
    lines = [
        style(finding.severity, finding.severity, stream=stream) + first.removeprefix(finding.severity),
        *others,
        f"{_INDENT}where  {style(place, 'place', stream=stream)}{commit}",
    ]
    if finding.rule.id not in explained:
        explained.add(finding.rule.id)
        lines += _text(f"{_INDENT}why    ", finding.rule.why, width)
    if finding.fix:
        label = f"{_INDENT}fix    "
        lines += remedy(finding.fix, width, label, _under(label, width))
    return lines


def _text(label: str, text: str, width: int) -> list[str]:
    return broken(text, width, label, _under(label, width))


def _under(label: str, width: int) -> str:
    return _INDENT if width < NARROW or not label.startswith(" ") else " " * len(label)
