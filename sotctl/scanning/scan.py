"""Scans files, folders and whole histories for secrets, on all cores, and yields results in a stable order."""

from __future__ import annotations

import functools
import gc
import operator
import os
import stat
import subprocess
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from sotctl.errors import Command
from sotctl.git.refused import is_outside, why_refused
from sotctl.git.repository import Git, GitError, Objects
from sotctl.scanning.engine import ready_engine
from sotctl.secrets import Secret, scan_all, scan_path
from sotctl.secrets.stream import scan_stream

WORTH_BYTES = 2 << 20
"""From this many bytes on, several processes are faster than one."""

WHOLE_BYTES = 8 << 20
"""A larger file is read piece by piece."""

_CHUNK_BYTES = 1 << 20
_BATCH_BYTES = 1 << 20
_BATCH = 256
_SMALLEST_BYTES = 2 << 10  # cost of a file in addition to its bytes
_ALL_ASKED, _ASKED = 256, 16  # the first sizes are all read, then one in 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A scanned file or git object with a result to report.

    `unread` says why it could not be read. `name_holds_secret` means that the name itself holds a secret and `name` is
    shortened.
    """

    name: str
    secrets: tuple[Secret, ...] = ()
    unread: str = ""
    name_holds_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The result of a batch: the number of scanned things, their total size, and those with a result to report."""

    files: int
    size_bytes: int
    telling: tuple[Scanned, ...]


def files_below(paths: Iterable[str]) -> Iterator[str]:
    """The files at and below *paths*, in order; in a folder, files come before folders.

    Below a folder, links and `.git` are left out. Files that are not regular are included, and reported when read.
    """
    for path in paths:
        if os.path.islink(path) or not os.path.isdir(path):
            yield path
        else:
            yield from _below("" if os.path.normpath(path) == "." else f"{path.rstrip('/')}/")


_NAME = operator.attrgetter("name")


def _below(top: str) -> Iterator[str]:
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        folders = []
        for entry in sorted(os.scandir(folder or "."), key=_NAME):
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{folder}{entry.name}/")
            elif not entry.is_symlink():
                yield folder + entry.name
        waiting += [name for name in reversed(folders) if not name.endswith("/.git/") and name != ".git/"]


def scan_files(paths: Iterable[str]) -> Iterator[Batch]:
    """Scan files in the given order."""
    yield from _on_all_cores(_scan_batch, paths, _size_bytes)


def _size_bytes(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def scan_history(top: Path) -> Iterator[Batch]:
    """Scan every blob, commit and tag that is reachable from any ref or reflog, each once, under its first path.

    Raises:
        GitError: There is no repository at *top*, or an object is missing, so that not all could be scanned.
    """
    opened = Git(top).run("rev-parse", "--git-dir")
    if opened.returncode != 0:
        message, hint = why_refused(top, opened.stderr)
        raise GitError(message, hint="sotctl scan PATH scans files and folders" if is_outside(opened.stderr) else hint)
    work = functools.partial(_scan_objects, str(top))
    with closing(_reachable(Git(top))) as reachable:
        yield from _on_all_cores(work, reachable, lambda entry: entry[3])


def _on_all_cores(work: Callable[[list[T]], Batch], things: Iterable[T], size: Callable[[T], int]) -> Iterator[Batch]:
    """Yield the results of *work* on batches of *things*, in order, with several processes if there is much to do."""
    first: list[list[T]] = []
    rest, total = _batches(things, size), 0
    for batch, held in rest:
        first.append(batch)
        total += held
        if total >= WORTH_BYTES:
            break
    if total < WORTH_BYTES:
        yield from map(work, first)
        return
    from sotctl.scanning.workers import results  # small scans do not need it

    ready_engine()
    gc.freeze()  # keeps a child's garbage collector from touching, and so copying, shared pages
    yield from results(work, chain(first, (batch for batch, _ in rest)), anew=ready_engine)


def _batches(things: Iterable[T], size: Callable[[T], int]) -> Iterator[tuple[list[T], int]]:
    """Yield the things in batches, each with its estimated cost in bytes.

    If there are many, only every 16th size is read and used for the things after it, since reading all sizes takes as
    long as reading the files.
    """
    batch: list[T] = []
    held = cost = 0
    for number, thing in enumerate(things):
        if number < _ALL_ASKED or number % _ASKED == 0:
            cost = _SMALLEST_BYTES + size(thing)
        batch.append(thing)
        held += cost
        if held >= _BATCH_BYTES or len(batch) == _BATCH:
            yield batch, held
            batch, held = [], 0
    if batch:
        yield batch, held


_Named = tuple[str, str, str, int]
"""Object id, type, first path, size in bytes."""


def _reachable(git: Git) -> Generator[_Named, None, None]:
    """Yield every object but trees, while git is still walking the history, so that scanning can begin.

    Raises:
        GitError: An object is missing, or git failed.
    """
    walk = subprocess.Popen(
        git.command("rev-list", "--objects", "--all", "--reflog"),
        env=git.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    types = subprocess.Popen(
        git.command("cat-file", "--batch-check=%(objecttype) %(objectname) %(objectsize) %(rest)", "--buffer"),
        env=git.environment,
        stdin=walk.stdout,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert walk.stdout is not None
    assert walk.stderr is not None
    assert types.stdout is not None
    walk.stdout.close()  # the other git process reads it
    with walk, types:
        try:
            for line in types.stdout:
                if line.endswith(b" missing\n"):
                    raise _missing(line.split()[0].decode())
                if not line.startswith(b"tree "):
                    kind, oid, size, path = line.rstrip(b"\n").split(b" ", 3)
                    yield oid.decode(), kind.decode(), os.fsdecode(path), int(size)
            said = walk.stderr.read().decode("utf-8", "replace").strip()
        except BaseException:  # the rest is not needed, and walking a large repository takes minutes
            walk.kill()
            types.kill()
            raise
    if walk.returncode:
        raise GitError(f"git rev-list: {said or f'exit status {walk.returncode}'}")


def _missing(oid: str) -> GitError:
    return GitError(
        f"object {oid} is missing, so the history could not be scanned", hint=Command("git fetch --refetch")
    )


@functools.lru_cache(maxsize=1)
def _objects(top: str, _process: int) -> Objects:
    """The object reader of this process, kept between batches; two processes must not share one."""
    return Objects(Git(Path(top)))


def _scan_objects(top: str, named: list[_Named]) -> Batch:
    contents = _objects(top, os.getpid()).read_many([entry[0] for entry in named])
    found = scan_all((data, path) for data, (_, _, path, _) in zip(contents, named, strict=True))
    telling: list[Scanned] = []
    for (oid, kind, path, _), secrets in zip(named, found, strict=True):
        hidden = _tells(path)
        if secrets or hidden:
            shown = "(path withheld)" if hidden else path if kind == "blob" else f"({kind})"
            telling.append(Scanned(name=f"{oid[:12]} {shown}", secrets=tuple(secrets), name_holds_secret=hidden))
    return Batch(files=len(named), size_bytes=sum(entry[3] for entry in named), telling=tuple(telling))


@functools.lru_cache(maxsize=4096)
def _tells(path: str) -> bool:
    """Whether a path itself holds a secret; cached, since a history names a path once for each version."""
    return bool(path) and bool(scan_path(path))


def _scan_batch(paths: list[str]) -> Batch:
    sizes: list[int] = []
    apart: dict[int, Scanned] = {}
    found = iter(list(scan_all(_contents(paths, sizes, apart))))
    doubtful = bool(scan_path("\n\n".join(paths)))  # all at once; each path separately only if that finds something
    telling: list[Scanned] = []
    for number, path in enumerate(paths):
        entry = apart[number] if number in apart else Scanned(name=path, secrets=tuple(next(found)))
        if doubtful and scan_path(path):
            entry = replace(entry, name=_without_secret(path), name_holds_secret=True)
        if entry.secrets or entry.unread or entry.name_holds_secret:
            telling.append(entry)
    unread = sum(bool(entry.unread) for entry in telling)
    return Batch(files=len(paths) - unread, size_bytes=sum(sizes), telling=tuple(telling))


def _without_secret(path: str) -> str:
    """Shorten a path that holds a secret: keep the folders above the name that holds it."""
    folder = os.path.dirname(path)
    name = "(path withheld)" if scan_path(folder) else "(name withheld)"
    while scan_path(folder):
        folder = os.path.dirname(folder)
    return os.path.join(folder, name)


def _contents(paths: list[str], sizes: list[int], apart: dict[int, Scanned]) -> Iterator[tuple[bytes, str]]:
    """Yield content and name of the files to scan whole; add all sizes to *sizes*, other results to *apart*."""
    for number, path in enumerate(paths):
        data, size = _read(path)
        sizes.append(size)
        if isinstance(data, bytes):
            yield data, os.path.basename(path)
        else:
            apart[number] = data


def _read(path: str) -> tuple[bytes | Scanned, int]:
    """Return the content of a file and its size in bytes.

    For a large file, or one that cannot be read, return the result instead of the content.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return Scanned(name=path, unread="not a regular file"), 0
            if status.st_size <= WHOLE_BYTES:
                return _whole(descriptor, status.st_size), status.st_size
            pieces = iter(lambda: os.read(descriptor, _CHUNK_BYTES), b"")
            secrets = tuple(scan_stream(pieces, path=os.path.basename(path)))
            return Scanned(name=path, secrets=secrets), status.st_size
        finally:
            os.close(descriptor)
    except OSError as error:
        return Scanned(name=path, unread=error.strerror or "it cannot be read"), 0


def _whole(descriptor: int, size_bytes: int) -> bytes:
    """Read the whole file, in one call if it has the expected size."""
    data = os.read(descriptor, size_bytes + 1)
    if len(data) == size_bytes:
        return data
    return data + b"".join(iter(lambda: os.read(descriptor, _CHUNK_BYTES), b""))
