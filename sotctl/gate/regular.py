"""Reads a file that only a regular file can be: the gate would wait for the writer of a pipe."""

from __future__ import annotations

import os
import stat


def read_regular(path: str, max_bytes: int) -> bytes:
    """The first bytes of a regular file; links are followed.

    Raises:
        OSError: It cannot be read, or is anything else.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(0, "it is not a regular file")
        return file.read(max_bytes)
