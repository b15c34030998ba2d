"""One writer at a time for a store."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from sotctl.errors import SotError

PATIENCE_S = 10.0
_PAUSE_S = 0.05


class LockedError(SotError):
    """Another process holds the store's lock and did not let go in time."""


@contextlib.contextmanager
def locked(private: Path, purpose: str, *, patience_s: float = PATIENCE_S) -> Iterator[int]:
    """Hold the lock of a store, waiting up to *patience_s* seconds; yields the lock's file descriptor.

    The kernel lets go of the lock when the last process that inherited the descriptor ends, so a git that outlives
    a killed sotctl still keeps others out.

    Raises:
        LockedError: The wait was too long; the message says who holds the lock.
    """
    descriptor = os.open(private / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, time.monotonic() + patience_s)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, {purpose}".encode(), 0)
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                said = os.pread(descriptor, 200, 0).decode("utf-8", "replace")
                holder = "".join(filter(str.isprintable, said)) or "another process"
                raise LockedError(
                    f"the store is locked by {holder}", hint="wait until it has finished, then try again"
                ) from None
            time.sleep(_PAUSE_S)
