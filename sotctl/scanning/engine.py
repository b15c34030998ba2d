"""Caches the compiled secret rules between runs, for large scans."""

from __future__ import annotations

import binascii
import os
import stat

from sotctl import secrets
from sotctl.secrets import on_demand, prepare, rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def offer_engine() -> None:
    """Let the detector load the compiled rules from the user's cache once there is enough to scan.

    Called once, when a process starts; nothing is read or imported before it is needed.
    """
    on_demand(lambda build: ready_engine(build=build))


def ready_engine(*, build: bool = True) -> bytes:
    """Load the compiled rules for a large scan, from the user's cache if possible.

    A cache that does not load, or that another user could have written, is rebuilt (about half a second). If the cache
    cannot be written, it is rebuilt every time.

    Args:
        build: Whether to rebuild a cache that does not serve; if False, nothing is loaded then.

    Returns:
        The compiled rules, for `prepare` in another process; empty if nothing was loaded.
    """
    path = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "sotctl", "secrets.hs")  # noqa: PTH111, PTH118 - pathlib costs a hook more than this
    kept = _kept(path)
    built = prepare(kept, build=build, source=_source())
    if built and built != kept:
        _keep(path, built)
    return built


def _kept(path: str) -> bytes:
    """The content of the cache; empty unless only the user can write to it and its folder."""
    try:
        if not _is_private(os.lstat(os.path.dirname(path)), stat.S_ISDIR):  # noqa: PTH120 - as above
            return b""
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            return file.read() if _is_private(os.fstat(file.fileno()), stat.S_ISREG) else b""
    except OSError:
        return b""


def _is_private(status: os.stat_result, is_of_kind: Callable[[int], bool]) -> bool:
    return is_of_kind(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _source() -> bytes:
    """A checksum of all source files of the detector."""
    checksum = 0
    for folder in (os.path.dirname(secrets.__file__), os.path.dirname(rules.__file__)):  # noqa: PTH120 - pathlib costs a hook more than this
        for name in sorted(os.listdir(folder)):  # noqa: PTH208
            if name.endswith(".py"):
                with open(f"{folder}/{name}", "rb") as file:
                    checksum = binascii.crc32(file.read(), checksum)
    return checksum.to_bytes(4)


def _keep(path: str, built: bytes) -> None:
    """Write the cache, but only to a folder that the user owns; make the folder unwritable for others."""
    import contextlib
    from pathlib import Path

    from sotctl.durable import write_durably

    file, folder = Path(path), Path(path).parent
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return
        folder.chmod(status.st_mode & 0o755)
        file.unlink(missing_ok=True)  # otherwise the new file gets the old one's permissions
        write_durably(file, built, mode=0o600)
