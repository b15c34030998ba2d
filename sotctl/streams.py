"""The three standard streams, where the caller closed some of them."""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


def fill_closed() -> None:
    """Open the null device in place of closed standard streams, and give Python a stderr.

    Otherwise the next opened files would get these descriptors: git would write its answers into the admission, and an
    error would go into a pipe to git. `sys.stdin` and `sys.stdout` stay None, so that code can test for it.
    """
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for good


def complain(text: str) -> None:
    """Write to standard error, ignoring failures: the exit status reports the error as well."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        pass


class Patient(io.FileIO):
    """Output that is dropped once its reader is gone, so that the exit status does not change.

    Output that cannot be written for lack of space is dropped too; `error` keeps that, and it is reported once at the
    end.
    """

    error: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write, or drop the text if nobody reads it."""
        try:
            return super().write(data)
        except BrokenPipeError:
            pass
        except OSError as error:
            self.error = error
        return memoryview(data).nbytes


def patient(stream: TextIO) -> tuple[TextIO, Patient]:
    """*stream* made to accept any characters and to survive a closed reader; and the stream below it."""
    below = Patient(stream.fileno(), "w", closefd=False)
    at_once = stream.isatty() or stream is sys.stderr
    text = io.TextIOWrapper(
        io.BufferedWriter(below), encoding=stream.encoding, errors="backslashreplace", line_buffering=at_once
    )
    return text, below
