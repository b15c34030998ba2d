"""The run directory: named after its time, task and process, private, and new."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sotctl.errors import SotError

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

    def paths(self) -> Iterator[str]:
        """Every file and link, in order."""
        found = []
        for where, folders, names in os.walk(self._folder):
            linked = [name for name in folders if (Path(where) / name).is_symlink()]
            found += [(Path(where) / name).relative_to(self._folder).as_posix() for name in [*names, *linked]]
        yield from sorted(found)
