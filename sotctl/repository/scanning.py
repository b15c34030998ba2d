"""Scans files, folders and whole histories for secrets, on all cores, with results in a stable order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sotctl.repository.engine import ready_engine
from sotctl.repository.git import Git, GitError, Objects
from sotctl.secrets import Secret, prepare, scan, scan_path
from sotctl.secrets.stream import scan_stream

WORTH_BYTES = 4 << 20
"""From this many bytes on, further processes pay for their start."""

WHOLE_BYTES = 8 << 20
"""A larger file is read piece by piece."""

_CHUNK_BYTES = 1 << 20
_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What came of one thing that was scanned: a file, or an object of git under one of its names.

    `unread` says why it could not be read; `name_holds_secret` that its name itself is not to be shown.
    """

    name: str
    secrets: tuple[Secret, ...] = ()
    unread: str = ""
    name_holds_secret: bool = False
    size_bytes: int = 0


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """The regular files at and below *paths*, in order; links are not followed, `.git` is left out."""
    for path in paths:
        if path.is_symlink() or not path.is_dir():
            yield path
            continue
        for where, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if name != ".git" and not (Path(where) / name).is_symlink())
            yield from (Path(where) / name for name in sorted(names) if not (Path(where) / name).is_symlink())


def scan_files(paths: Sequence[Path]) -> Iterator[Scanned]:
    """Scan files, each under its own name, in the order they are given."""
    batches = [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
    size = sum(path.lstat().st_size for path in paths if path.exists())
    with _workers(size) as workers:
        for batch in workers.map(_scan_batch, batches) if workers else map(_scan_batch, batches):
            yield from batch


def scan_history(top: Path) -> Iterator[Scanned]:
    """Scan every blob, commit and tag that is reachable from any ref, each once, under its first path.

    Raises:
        GitError: An object is missing, so that not everything could be looked at.
    """
    git = Git(top)
    named = _reachable(git)
    batches = [(str(top), named[start : start + _BATCH]) for start in range(0, len(named), _BATCH)]
    size = sum(size for _, _, _, size in named)
    with _workers(size) as workers:
        for batch in workers.map(_scan_objects, batches) if workers else map(_scan_objects, batches):
            yield from batch


_Named = tuple[str, str, str, int]
"""Object id, type, first path, size in bytes."""


def _reachable(git: Git) -> list[_Named]:
    listing = git.output("rev-list", "--objects", "--all", "--reflog").splitlines()
    names = {line.partition(b" ")[0]: line.partition(b" ")[2] for line in listing}
    checked = git.output("cat-file", "--batch-check", stdin=b"\n".join([*names, b""])).splitlines()
    found = []
    for line in checked:
        words = line.split()
        if words[-1] == b"missing":
            raise GitError(
                f"object {words[0].decode()} is not here, so the history could not be scanned",
                hint="git fetch --refetch",
            )
        if words[1] != b"tree":
            found.append((words[0].decode(), words[1].decode(), os.fsdecode(names[words[0]]), int(words[2])))
    return found


def _scan_objects(work: tuple[str, Sequence[_Named]]) -> list[Scanned]:
    top, named = work
    objects = Objects(Git(Path(top)))
    try:
        return [_scan_object(objects, *entry) for entry in named]
    finally:
        objects.close()


def _scan_object(objects: Objects, oid: str, kind: str, path: str, size: int) -> Scanned:
    data = objects.read(oid) or b""
    name = f"{oid[:12]} {path}" if kind == "blob" else f"{oid[:12]} ({kind})"
    hidden = bool(path) and bool(scan_path(path))
    shown = f"{oid[:12]} (path withheld)" if hidden else name
    return Scanned(name=shown, secrets=tuple(scan(data, path=path)), name_holds_secret=hidden, size_bytes=size)


def _scan_batch(paths: Sequence[Path]) -> list[Scanned]:
    return [_scan_file(path) for path in paths]


def _scan_file(path: Path) -> Scanned:
    hidden = bool(scan_path(os.fsencode(path)))
    name = str(path.parent / "(name withheld)") if hidden else str(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return Scanned(name=name, unread="not a regular file", name_holds_secret=hidden)
            if status.st_size <= WHOLE_BYTES:
                secrets = tuple(scan(file.read(), path=path.name))
            else:
                secrets = tuple(scan_stream(iter(lambda: file.read(_CHUNK_BYTES), b""), path=path.name))
    except OSError as error:
        return Scanned(name=name, unread=error.strerror or "it cannot be read", name_holds_secret=hidden)
    return Scanned(name=name, secrets=secrets, name_holds_secret=hidden, size_bytes=status.st_size)


class _Nobody:
    """No further processes: the work is small."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _workers(size_bytes: int) -> Executor | _Nobody:
    """Processes for *size_bytes* of work, each with the compiled engine where there is one."""
    if size_bytes < WORTH_BYTES:
        return _Nobody()
    return ProcessPoolExecutor(os.cpu_count() or 1, initializer=prepare, initargs=(ready_engine(),))
