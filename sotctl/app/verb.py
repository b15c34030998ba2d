"""How a verb shows its help: with examples that can be copied, however narrow the terminal is."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")


class _Formatter(click.HelpFormatter):
    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options; on a narrow terminal, what a long one is for stands below it."""
        super().write_dl(rows, min(col_max, self.width // 2 - col_spacing), col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class Verb(click.Command):
    """A command whose `epilog` holds examples, one a line."""

    context_class = _Context

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples; a line that is too long goes on below, after a backslash, as the shell reads it."""
        if self.epilog:
            formatter.write("\nFor example:\n")
            for example in self.epilog.splitlines():
                formatter.write("\n".join(_lines(example, formatter.width)) + "\n")


def _lines(example: str, width: int) -> list[str]:
    lines = [" "]
    for word in _WORD.findall(example):
        if len(f"{lines[-1]} {word} \\") > width and lines[-1].strip():
            lines[-1] += " \\"
            lines.append(f"      {word}")
        else:
            lines[-1] += f" {word}"
    return lines
