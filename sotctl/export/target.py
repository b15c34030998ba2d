"""What an export format is, and what it finds in the file it is written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sotctl.export.admitted import Admitted

MAX_BYTES = 4 << 20
"""The largest target that is read."""


class TargetError(Exception):
    """The target is not a file that this format can be written into: a sentence and a line (from 1)."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message, self.line = message, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One place where a target says something else than the admissions; `pairs` are those it allows besides."""

    line: int
    message: str
    pairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A target as the admissions want it.

    `drifts` say where the file differed before; `unexpressed` are the pairs that the program has no setting for, each
    with the reason: they are left out, so that it never runs more than is admitted.
    """

    data: bytes
    drifts: tuple[Drift, ...] = ()
    unexpressed: tuple[str, ...] = ()


class ExportFormat(Protocol):
    """A program's configuration: what of it an export governs, and how that is written."""

    id: str
    program: str
    limits: str

    def write(self, pairs: Sequence[Admitted], existing: bytes | None, *, revision: str) -> Written:
        """Derive the target from *pairs*; keys of *existing* that are not governed keep their bytes.

        Args:
            revision: The commit that the pairs were read from; only some programs record it.
        Raises:
            TargetError: *existing* is not a file of this format.
        """


def decoded(data: bytes) -> str:
    """The text of a target.

    Raises:
        TargetError: It is too large, or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise TargetError(f"it is larger than {MAX_BYTES >> 20} MiB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TargetError("it is not UTF-8", data.count(b"\n", 0, error.start) + 1) from None
