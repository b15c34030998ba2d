"""Where a secret was found."""

from __future__ import annotations


class Secret(tuple[str, str, int, int, int, int]):
    """Where a secret stands: never the secret itself.

    `start` is a byte offset, `length` a count of bytes; `line` and `column` count from 1. A secret found in a decoded
    view stands where its encoded form stands. A tuple, frozen like the dataclasses elsewhere, because importing
    `dataclasses` costs a hook more than the scan itself.
    """

    __slots__ = ()

    def __new__(cls, *, rule: str, summary: str, line: int, column: int, start: int, length: int) -> Secret:
        return tuple.__new__(cls, (rule, summary, line, column, start, length))

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, str | int]]:
        return (), dict(zip(("rule", "summary", "line", "column", "start", "length"), self, strict=True))

    def __repr__(self) -> str:
        place = f"line={self.line}, column={self.column}, start={self.start}, length={self.length}"
        return f"Secret(rule={self.rule!r}, {place})"

    @property
    def rule(self) -> str:
        """The id of the rule that found it."""
        return self[0]

    @property
    def summary(self) -> str:
        """What kind of secret it is, in words."""
        return self[1]

    @property
    def line(self) -> int:
        """The line it begins on, from 1."""
        return self[2]

    @property
    def column(self) -> int:
        """The byte of the line it begins at, from 1."""
        return self[3]

    @property
    def start(self) -> int:
        """The byte it begins at, from 0."""
        return self[4]

    @property
    def length(self) -> int:
        """How many bytes it is long."""
        return self[5]
