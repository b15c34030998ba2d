"""Durable writes: a temporary file, fsync, rename, fsync of the directory (docs/reference/durability.md)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

TEMPORARY = ".sotctl-new"


def write_durably(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Put *data* at *path* so that, whatever happens, the old or the new bytes are there, whole.

    The permissions of a file that is there are kept; *mode* is for a new one (default: what the umask gives).

    Raises:
        OSError: The disk is full, or the directory may not be written.
    """
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o666 if mode is None else mode
    )
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            with contextlib.suppress(FileNotFoundError):
                os.fchmod(file.fileno(), path.stat().st_mode & 0o7777)
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def overwrite(path: Path, data: bytes) -> None:
    """Put *data* into a file that is there, in its own blocks: a full disk may have no space for a second file.

    A crash can leave a mixture: use it only where the caller can tell afterwards what belongs there.

    Raises:
        OSError: It could not be done.
    """
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def remove_durably(path: Path) -> None:
    """Remove a file if it is there."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_directory(path.parent)


def sync_directory(folder: Path) -> None:
    """Sync *folder*, so that renames and removals in it are durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
