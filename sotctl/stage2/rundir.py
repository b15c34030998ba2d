"""The run directory: named after its time, task and process, private, and new."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sotctl.errors import SotError
from sotctl.evidence.files import FAKE, REAL

_CHUNK_BYTES = 4 << 20
FOLDERS = ("backend", "fixture", "home", "tmp")


def run_id(now: datetime, task: str, pid: int) -> str:
    """The name of a run, and of its directory."""
    return f"{now.strftime('%Y%m%dT%H%M%SZ')}-r1-{task}-{pid}"


def create(runs: Path, name: str, own: Iterable[str] = ()) -> Path:
    """Make the run directory, 0700 throughout; *own* are the folders of the backend.

    Raises:
        SotError: It exists, or cannot be made.
    """
    folder = Path(os.path.abspath(runs)) / name
    try:
        if not folder.parent.is_dir():
            folder.parent.mkdir(mode=0o700, parents=True)
        folder = folder.parent.resolve() / name
        if os.path.lexists(folder):
            raise SotError(f"the run directory {folder} exists already", hint="wait a second, then run it again")
        folder.mkdir(mode=0o700)
        for part in (*FOLDERS, *own):
            (folder / part).mkdir(mode=0o700)
    except OSError as error:
        raise SotError(f"cannot make the run directory {folder}: {error.strerror}") from error
    return folder


def write_new(folder: Path, path: str, data: bytes) -> None:
    """Write a file that is not there yet; no link is followed, neither at its end nor on the way.

    Raises:
        OSError: It is there, or its folder is a link.
    """
    place = folder / path
    if os.path.realpath(place.parent) != str(place.parent):
        raise OSError(errno.ELOOP, "a folder of its path is a link", str(place))
    with open(open_new(place), "wb") as file:
        file.write(data)


def open_new(place: Path) -> int:
    """Make a private file that is not there yet, and open it to write; a link at its place is not followed.

    Raises:
        OSError: It is there, or cannot be made.
    """
    return os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def odd_files(folder: Path) -> Iterator[str]:
    """Everything that is not a file, a folder or a link: pipes, sockets, devices."""
    for where, _, names in os.walk(folder):
        for name in names:
            place = os.path.join(where, name)
            kind = os.lstat(place).st_mode
            if not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
                yield os.path.relpath(place, folder)


class DiskRun:
    """The files of a run directory on disk; links are never followed, wherever they stand in a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(os.path.realpath(folder))

    def _place(self, path: str) -> Path | None:
        """Where a file lies; None behind a link."""
        place = self._folder / path
        return place if os.path.realpath(place.parent) == str(place.parent) else None

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or `link:` and the target of a link."""
        place = self._place(path)
        try:
            if place is None:
                return None
            if place.is_symlink():
                return b"link:" + os.fsencode(os.readlink(place))
            return place.read_bytes() if place.is_file() else None
        except OSError:
            return None

    def chunks(self, path: str) -> Iterator[bytes]:
        """The same, a few megabytes at a time.

        Raises:
            OSError: It cannot be read.
        """
        place = self._folder / path
        if place.is_symlink():
            yield b"link:" + os.fsencode(os.readlink(place))
            return
        number = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(number, "rb", buffering=0) as file:
            while data := file.read(_CHUNK_BYTES):
                yield data

    def paths(self) -> Iterator[str]:
        """Every regular file and every link, in order."""
        found = []
        for where, folders, names in os.walk(self._folder):
            below = os.path.relpath(where, self._folder)
            for name in [*names, *folders]:
                kind = os.lstat(os.path.join(where, name)).st_mode
                if stat.S_ISREG(kind) or stat.S_ISLNK(kind):
                    found.append(name if below == "." else f"{below}/{name}")
        yield from sorted(found)

    def strange(self) -> Iterator[str]:
        """Everything that must not be in a run: pipes, sockets, devices, and a link in place of one of sotctl's
        folders.
        """
        yield from odd_files(self._folder)
        for name in (*FOLDERS, REAL, FAKE):
            if (self._folder / name).is_symlink():
                yield name


def remove_odd_files(folder: Path) -> None:
    """Remove pipes, sockets and devices that a program left."""
    for path in list(odd_files(folder)):
        (folder / path).unlink(missing_ok=True)


def remove_folder(folder: Path, path: str) -> None:
    """Remove a folder of a run, where it is one and no link leads to it."""
    place = folder / path
    if os.path.realpath(place) == str(place):
        shutil.rmtree(place, ignore_errors=True)
