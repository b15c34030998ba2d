"""A run directory as one archive, the same to the byte for the same files, and back."""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sotctl.digests import digest_of_file
from sotctl.errors import Command, SotError
from sotctl.stage2.rundir import DiskRun, open_new

MAX_PACK_BYTES = 2 << 30
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """A run that can be read: its folder, and the digest of the archive it came out of, "" for a folder."""

    folder: Path
    pack_sha256: str


def pack(folder: Path, target: Path) -> str:
    """Write the archive of a run and give its digest; entries are sorted, and carry no time, owner or permission.

    Raises:
        SotError: The run holds something that is neither a file nor a link, or the archive exists or cannot be written.
    """
    on_disk = DiskRun(folder)
    if strange := next(on_disk.strange(), None):
        raise SotError(f"{strange} is a link, a pipe, a socket or a device, and no run has one there")
    try:
        with (
            open(target, "xb") as file,
            gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0, compresslevel=6) as packed_file,
            tarfile.open(fileobj=packed_file, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for path in on_disk.paths():
                _add(archive, folder, path)
        return digest_of_file(target)
    except FileExistsError:
        raise SotError(f"{target} exists already") from None
    except OSError as error:
        raise SotError(f"cannot pack {folder}: {error.strerror or error}") from None


def _add(archive: tarfile.TarFile, folder: Path, path: str) -> None:
    place = folder / path
    entry = tarfile.TarInfo(f"{folder.name}/{path}")
    entry.mode = 0o600
    if place.is_symlink():
        entry.type, entry.linkname = tarfile.SYMTYPE, os.readlink(place)
        archive.addfile(entry)
        return
    with open(place, "rb") as file:
        entry.size = os.fstat(file.fileno()).st_size
        archive.addfile(entry, file)


def packed(file: Path, folder: Path) -> str:
    """The digest of an archive that holds exactly that run.

    Raises:
        SotError: It holds another run, or an older state of this one.
    """
    with opened(file) as at_hand:
        same = (
            at_hand.folder.name == folder.name
            and (at_hand.folder / "report.json").read_bytes() == (folder / "report.json").read_bytes()
        )
    if not same:
        raise SotError(f"{file} is not the packed run {folder.name}", hint=Command(f"sotctl evidence pack {folder}"))
    return digest_of_file(file)


@contextlib.contextmanager
def opened(run: Path) -> Iterator[AtHand]:
    """A run directory, or an archive unpacked for as long as this lasts.

    Raises:
        SotError: It is neither.
    """
    if run.is_dir():
        yield AtHand(folder=run.resolve(), pack_sha256="")
        return
    if not run.is_file():
        raise SotError(f"there is no run {run}", hint=Command("sotctl stage2 run prints where it is"))
    with tempfile.TemporaryDirectory(prefix="sotctl-run-") as place:
        folder = _unpack(run, Path(os.path.realpath(place)))
        yield AtHand(folder=folder, pack_sha256=digest_of_file(run))


def _unpack(file: Path, place: Path) -> Path:
    """Unpack an archive that `pack` wrote; links are made as they are, and nothing is written through one."""
    total = 0
    links: list[tuple[Path, str]] = []
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            for entry in archive:
                target = place / entry.name
                parts = Path(entry.name).parts
                if (
                    entry.name.startswith("/")
                    or ".." in parts
                    or len(parts) < 2
                    or not (entry.isreg() or entry.issym())
                ):
                    raise SotError(f"{file} holds an entry that no packed run has")
                total += entry.size
                if total > MAX_PACK_BYTES:
                    raise SotError(f"{file} unpacks to more than {MAX_PACK_BYTES >> 30} GiB")
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                if entry.issym():
                    links.append((target, entry.linkname))
                else:
                    _write(archive, entry, target)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise SotError(f"{file} is not a packed run: {error}") from None
    for link, linked in links:  # after every file: none is written through a link
        link.symlink_to(linked)
    folders = sorted(place.iterdir())
    if len(folders) != 1:
        raise SotError(f"{file} is not a packed run: it holds {len(folders)} folders")
    return folders[0]


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> None:
    source = archive.extractfile(entry)
    assert source is not None
    with open(open_new(target), "wb") as file:
        shutil.copyfileobj(source, file, _CHUNK_BYTES)
