"""Puts the pages of a site into a folder that is its own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sotctl.errors import BlockedError

MARK = ".sotctl-site"
"""A file that lists what sotctl wrote into a folder; nothing else is removed."""


def write_site(out: Path, pages: Iterable[tuple[str, bytes]]) -> int:
    """Write *pages* and remove those of an earlier site that are no longer there.

    Returns:
        How many pages there are.
    Raises:
        BlockedError: The folder holds something that sotctl did not write.
    """
    earlier = _earlier(out)
    out.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    folders: set[str] = set()
    (out / MARK).write_text("".join(f"{name}\n" for name in sorted(earlier)), encoding="utf-8")
    for name, data in pages:
        folder = name.rpartition("/")[0]
        if folder not in folders:
            (out / folder).mkdir(exist_ok=True)
            folders.add(folder)
        with open(f"{out}/{name}", "wb") as file:
            file.write(data)
        written.append(name)
    for name in earlier - set(written):
        (out / name).unlink(missing_ok=True)
    (out / MARK).write_text("".join(f"{name}\n" for name in sorted(written)), encoding="utf-8")
    return len(written)


def _earlier(out: Path) -> set[str]:
    """The pages of an earlier site in the folder; nothing else may be there."""
    if not os.path.lexists(out):
        return set()
    if out.is_symlink() or not out.is_dir():
        raise BlockedError(f"{out} is not a folder", hint="name a folder that does not exist yet")
    mark = out / MARK
    if not any(out.iterdir()):
        return set()
    if mark.is_symlink() or not mark.is_file():
        raise _foreign(out, next(iter(sorted(path.name for path in out.iterdir()))))
    names = {name for name in mark.read_text(encoding="utf-8").splitlines() if _is_page(name)}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_symlink() or (path.is_file() and name != MARK and name not in names):
            raise _foreign(out, name)
    return names


def _is_page(name: str) -> bool:
    return name.endswith(".html") and not name.startswith("/") and ".." not in name.split("/")


def _foreign(out: Path, name: str) -> BlockedError:
    return BlockedError(
        f"{out} holds {name}, which is no page of a site; nothing was written", hint="name an empty folder"
    )
