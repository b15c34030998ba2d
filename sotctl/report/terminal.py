"""The width of the terminal, and text made to fit it: wrapped, cut and coloured.

Whatever measures or breaks what is printed does it here.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence

from sotctl.errors import Command

NARROW = 60
"""Screens narrower than this get no hanging indent."""
_NARROWEST, _WIDEST = 20, 100  # longer lines are hard to read
_STYLES = {
    "error": "1;38;5;131",
    "warning": "1",
    "place": "1",
    "fix": "38;5;243",
    "heading": "1",
    "added": "38;5;29",
    "removed": "38;5;131",
}
"""Colours with a contrast of 4.5 and more on black and on white; colour alone carries no meaning."""
_QUOTED = re.compile(r"`[^`]+`")
_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")


def screen_columns(stream: object = None, default: int = 80) -> int:
    """The columns of the terminal behind *stream* (default stdout); *default* where it is no terminal.

    `COLUMNS` goes before what the terminal says of itself.
    """
    stream = stream or sys.stdout
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    if not getattr(stream, "isatty", lambda: False)():
        return default
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80  # type: ignore[union-attr]
    except (OSError, ValueError):
        return 80


def columns(stream: object = None, default: int = 80) -> int:
    """How wide a line on *stream* (default stdout) may be; where it is no terminal, *default*: 0 is for any width."""
    width = screen_columns(stream, default)
    return max(_NARROWEST, min(width, _WIDEST)) if width else 0


def screen_lines() -> int:
    """The lines of the terminal, 24 where there is none; `LINES` goes before what it says of itself."""
    return shutil.get_terminal_size((80, 24)).lines


def fits(lines: Sequence[str]) -> bool:
    """Whether *lines* stand on the screen below the command that prints them; always where there is no terminal."""
    if not sys.stdout.isatty():
        return True
    return rows(lines, screen_columns()) <= screen_lines() - 2


def rows(lines: Sequence[str], width: int) -> int:
    """How many rows lines take where a terminal of *width* columns breaks them; 0 is for any width."""
    return sum(max(1, -(-len(line) // width)) if width else 1 for line in lines)


def style(text: str, name: str, *, stream: object = None) -> str:
    """*text* in colour where *stream* (default stdout) is a terminal that wants it (https://no-color.org)."""
    stream = stream or sys.stdout
    wanted = (
        getattr(stream, "isatty", lambda: False)()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )
    return f"\x1b[{_STYLES[name]}m{text}\x1b[0m" if wanted else text


def wrapped(text: str, lead: str = "") -> list[str]:
    """*text* behind *lead*, broken between words to the width of the terminal, to 80 columns where there is none."""
    return broken(text, columns(), lead)


def broken(text: str, width: int, lead: str = "", under: str | None = None, *, whole: bool = True) -> list[str]:
    """*text* behind *lead* as lines of at most *width* columns, 0 for any.

    Args:
        under: The indent of the lines after the first; by default as much space as *lead* takes, if the width
            allows.
        whole: A path stays whole, however long it is, so that it can be copied; so does a command between backticks.
    """
    if not width or len(lead + text) <= width:
        return [lead + text]
    kept = _QUOTED.sub(lambda quoted: quoted[0].replace(" ", "\0"), text) if whole else text
    words = kept.split() or [""]
    if under is None:
        fits = len(lead) + max(map(len, words)) <= width and (width >= NARROW or len(lead) * 3 < width)
        under = " " * (len(lead) if fits else min(len(lead), 4))
    if len(lead) > len(under) and (len(lead) * 2 > width or len(lead) + len(words[0]) > width):
        return [*([lead.rstrip()] if lead.strip() else []), *broken(text, width, under, under, whole=whole)]
    lines = textwrap.wrap(
        kept, width, initial_indent=lead, subsequent_indent=under, break_long_words=not whole, break_on_hyphens=False
    )
    return [line.replace("\0", " ") for line in lines] or [lead]


def remedy(text: str, width: int, lead: str = "", under: str | None = None) -> list[str]:
    """A fix after *lead*: a command whole, so that it can be copied; a sentence wrapped."""
    return [lead + text] if isinstance(text, Command) else broken(text, width, lead, under)


def continued(command: str, width: int) -> list[str]:
    """A command to copy; a line that is too long goes on below, after a backslash, as the shell reads it."""
    lines = [" "]
    for word in _WORD.findall(command):
        if len(f"{lines[-1]} {word} \\") > width and lines[-1].strip():
            lines[-1] += " \\"
            lines.append(f"      {word}")
        else:
            lines[-1] += f" {word}"
    return lines


def cut(text: str, width: int) -> str:
    """*text* in at most *width* columns: of a longer one, the beginning."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
