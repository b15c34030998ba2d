"""What ends a command early, and with which exit code.

    SotError              3   the job could not be done
    ├── UsageError        2   the caller asked for something that cannot be asked for
    ├── BlockedError      1   a rule forbids it
    └── InterruptedByUser 130

A broken rule is not an error but a value, `sotctl.findings.Finding`; an exception that is none of
these is a bug and exits with 4 (docs/reference/verbs.md).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # every hook imports this, and importing typing would add half of its time
    from collections.abc import Mapping
    from typing import ClassVar


class Command(str):
    """A line for a shell that mends something: it is printed whole, so that it can be copied."""

    __slots__ = ()


class SotError(Exception):
    """The job could not be done; the message says why, the hint what to do next: a `Command`, or a sentence.

    `details` are the values of the message for a program; they must be JSON.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, hint: str = "", details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message, self.hint, self.details = message, hint, details or {}


class UsageError(SotError):
    """The command line, an answers file or an answer cannot be used as it is."""

    exit_code = 2


class BlockedError(SotError):
    """A rule forbids what was asked; nothing was changed."""

    exit_code = 1


class InterruptedByUser(SotError):
    """Ctrl-C or Ctrl-D; answers and files are kept."""

    exit_code = 130
