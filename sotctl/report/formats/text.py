"""Findings for a person: where, which rule, what, and how to mend it."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Sequence

from sotctl.documents.quote import counted
from sotctl.errors import Command
from sotctl.findings import Finding, Severity
from sotctl.report import Checked, Format
from sotctl.report.places import printable

NARROW = 60
"""Screens narrower than this get no hanging indent."""
_WIDEST = 100  # longer lines are hard to read
_STYLES = {"error": "31", "warning": "33", "place": "1", "fix": "2"}
_QUOTED = re.compile(r"`[^`]+`")


def style(text: str, name: str, *, stream: object = None) -> str:
    """*text* in colour where *stream* (default stdout) is a terminal that wants it (https://no-color.org)."""
    stream = stream or sys.stdout
    wanted = (
        getattr(stream, "isatty", lambda: False)()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )
    return f"\x1b[{_STYLES[name]}m{text}\x1b[0m" if wanted else text


def render(findings: Sequence[Finding], checked: Checked, verb: str = "check", *, stream: object = None) -> str:
    """One paragraph for each finding, then a line that counts them."""
    width, lines = columns(stream), []
    for finding in printable(findings):
        lines += [*_heading(finding, width, stream), *broken(finding.message, width, "    ")]
        if finding.fix:
            lines += [style(line, "fix", stream=stream) for line in remedy(finding.fix, width, "    fix: ", "    ")]
    return "\n".join([*lines, summary(findings, checked), ""])


def _heading(finding: Finding, width: int, stream: object) -> list[str]:
    """Where a finding is and what it is; on a narrow screen the place, which is copied, has a line of its own."""
    place = f"{visible(finding.path)}:{finding.line}:{finding.column}" if finding.path else "store"
    severity = style(finding.severity, finding.severity, stream=stream)
    what = f" {finding.rule.id}" + (f" in {finding.commit[:12]}" if finding.commit else "")
    gap = "\n  " if 0 < width < len(f"{place}: {finding.severity}{what}") else " "
    return f"{style(place, 'place', stream=stream)}:{gap}{severity}{what}".split("\n")


def summary(findings: Sequence[Finding], checked: Checked) -> str:
    """What was checked and what was found, in one line."""
    looked = ", ".join(
        f"{count} {name if count != 1 else name.removesuffix('s')}"
        for name, count in checked.items()
        if isinstance(count, int)
    )
    return counts(findings) + (f" ({looked})" if looked else "")


def counts(findings: Sequence[Finding]) -> str:
    """How many errors and warnings there are, in words."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    numbers = ((errors, "error"), (len(findings) - errors, "warning"))
    return ", ".join(counted(count, name) for count, name in numbers if count) or "no findings"


def visible(path: str) -> str:
    """A path on one line, whatever bytes it holds."""
    if path.isprintable():
        return path
    return path.encode("utf-8", "backslashreplace").decode().encode("unicode_escape").decode()


def columns(stream: object = None) -> int:
    """How wide a line on *stream* (default stdout) may be; 0 for any width, where what reads it is no terminal.

    `COLUMNS` goes before what the terminal says of itself.
    """
    stream = stream or sys.stdout
    said = os.environ.get("COLUMNS", "")
    if not (said.isdecimal() and int(said)):
        if not getattr(stream, "isatty", lambda: False)():
            return 0
        try:
            said = str(os.get_terminal_size(stream.fileno()).columns)  # type: ignore[union-attr]
        except (OSError, ValueError):
            said = "80"
    return max(30, min(int(said) or 80, _WIDEST))


def wrapped(text: str, lead: str) -> list[str]:
    """*text* behind *lead*, broken between words to the width of the terminal, to 80 columns where there is none."""
    return broken(text, columns() or 80, lead)


def broken(text: str, width: int, lead: str = "", under: str | None = None) -> list[str]:
    """*text* behind *lead* as lines of at most *width* columns, 0 for any.

    A path stays whole, however long it is, so that it can be copied; so does a command between backticks.

    Args:
        under: The indent of the lines after the first; by default as much space as *lead* takes, if the width
        allows.
    """
    if not width or len(lead + text) <= width:
        return [lead + text]
    kept = _QUOTED.sub(lambda quoted: quoted[0].replace(" ", "\0"), text)
    words = kept.split() or [""]
    if under is None:
        fits = len(lead) + max(map(len, words)) <= width and (width >= NARROW or len(lead) * 3 < width)
        under = " " * (len(lead) if fits else min(len(lead), 4))
    if len(lead) > len(under) and (len(lead) * 2 > width or len(lead) + len(words[0]) > width):
        return [*([lead.rstrip()] if lead.strip() else []), *broken(text, width, under, under)]
    lines = textwrap.wrap(
        kept, width, initial_indent=lead, subsequent_indent=under, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace("\0", " ") for line in lines] or [lead]


def remedy(text: str, width: int, lead: str = "", under: str | None = None) -> list[str]:
    """A fix after *lead*: a command whole, so that it can be copied; a sentence wrapped."""
    return [lead + text] if isinstance(text, Command) else broken(text, width, lead, under)


def failure(message: str, hint: str, prefix: str, *, stream: object) -> str:
    """An error and the way out of it, broken to the width of *stream*; indented lines stay so, commands there whole."""
    width = columns(stream)
    first, *others = message.split("\n")
    lines = broken(first, width, prefix, "  ")
    for line in others:
        indent = line[: len(line) - len(line.lstrip())]
        text = Command(line.lstrip()) if line.startswith(f"{indent}sotctl ") else line.lstrip()
        lines += (remedy if indent else broken)(text, width, indent, indent + "  ")
    if hint:
        lines += remedy(hint, width, "hint: ", "  ")
    return "\n".join([*lines, ""])


FORMAT = Format(id="text", render=render)
