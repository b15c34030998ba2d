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


_held: dict[Path, int] = {}
"""The locks that this process holds, by folder, so that it does not wait for itself."""


@contextlib.contextmanager
def locked(private: Path, purpose: str, *, patience_s: float = PATIENCE_S) -> Iterator[int]:
    """Hold the lock of a store, waiting up to *patience_s* seconds; yields the lock's file descriptor.

    A process that holds it already does not wait. The wait begins anew whenever another writer has had its turn. The
    kernel releases the lock when the last process that inherited the descriptor ends, so a git that outlives a killed
    sotctl still excludes others.

    Raises:
        LockedError: The wait was too long; the message says who holds the lock.
    """
    if private in _held:
        yield _held[private]
        return
    descriptor = os.open(private / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, patience_s)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, {purpose}".encode(), 0)
        _held[private] = descriptor
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        _held.pop(private, None)
        os.close(descriptor)


def is_locked(private: Path) -> bool:
    """Whether another process holds the lock of a store right now."""
    if private in _held or not (private / "lock").exists():
        return False
    descriptor = os.open(private / "lock", os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _take(descriptor: int, patience_s: float) -> None:
    before, deadline = b"", time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            now = os.pread(descriptor, 200, 0)
            if now != before and patience_s:
                before, deadline = now, time.monotonic() + patience_s
            if time.monotonic() >= deadline:
                said = now.decode("utf-8", "replace")
                holder = "".join(filter(str.isprintable, said)) or "another process"
                raise LockedError(
                    f"the store is locked by {holder}", hint="wait until it has finished, then try again"
                ) from None
            time.sleep(_PAUSE_S)
