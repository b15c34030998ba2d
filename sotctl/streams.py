"""The three standard streams, where the caller closed some of them."""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


def fill_closed() -> None:
    """Put the null device where a standard stream is closed; of those that Python lacks then, stderr can be written to.

    The next file to be opened would take their place otherwise: the admission would be where git writes its answers,
    and a pipe to git where an error is written. `sys.stdin` and `sys.stdout` stay None: who needs one can tell.
    """
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for good


def complain(text: str) -> None:
    """Write to standard error, as far as it takes anything: the exit status says it besides."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        pass


class Patient(io.FileIO):
    """Output that is dropped once its reader has gone: the verb goes on to the status that it would have had.

    So is what there is no room for; `error` keeps that, and is reported once, at the end.
    """

    error: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write, or pass over what nobody reads."""
        try:
            return super().write(data)
        except BrokenPipeError:
            pass
        except OSError as error:
            self.error = error
        return memoryview(data).nbytes


def patient(stream: TextIO) -> tuple[TextIO, Patient]:
    """*stream* for writing any characters to a reader that may leave; and what lies below it."""
    below = Patient(stream.fileno(), "w", closefd=False)
    at_once = stream.isatty() or stream is sys.stderr
    text = io.TextIOWrapper(
        io.BufferedWriter(below), encoding=stream.encoding, errors="backslashreplace", line_buffering=at_once
    )
    return text, below
