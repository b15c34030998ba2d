"""The run directory: named after its time, task and process, private, and new."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sotctl.errors import SotError

_CHUNK_BYTES = 4 << 20
FOLDERS = ("backend", "case-data", "pi", "fixture", "home", "tmp")


def run_id(now: datetime, task: str, pid: int) -> str:
    """The name of a run, and of its directory."""
    return f"{now.strftime('%Y%m%dT%H%M%SZ')}-r1-{task}-{pid}"


def create(runs: Path, name: str) -> Path:
    """Make the run directory, 0700 throughout.

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
        for part in FOLDERS:
            (folder / part).mkdir(mode=0o700)
    except OSError as error:
        raise SotError(f"cannot make the run directory {folder}: {error.strerror}") from error
    return folder


class DiskRun:
    """The files of a run directory on disk; links are never followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or `link:` and the target of a link."""
        place = self._folder / path
        try:
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
        with place.open("rb", buffering=0) as file:
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
