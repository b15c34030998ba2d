"""The three standard streams, where the caller closed some of them."""

from __future__ import annotations

import os
import sys


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
