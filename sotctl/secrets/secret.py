"""The place of a found secret."""

from __future__ import annotations


class Secret(tuple[str, str, int, int, int, int]):
    """The place of a secret, never its value.

    `start` is a byte offset, `length` a count of bytes; `line` and `column` count from 1. A secret found in a decoded
    view has the place of its encoded form. A tuple instead of a frozen dataclass, because importing `dataclasses` takes
    a hook longer than the scan itself.
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
        """The line on which it begins, from 1."""
        return self[2]

    @property
    def column(self) -> int:
        """The byte of its line at which it begins, from 1."""
        return self[3]

    @property
    def start(self) -> int:
        """The byte of the text at which it begins, from 0."""
        return self[4]

    @property
    def length(self) -> int:
        """Its length in bytes."""
        return self[5]
