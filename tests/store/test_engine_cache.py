"""The compiled rules of the detector are taken from the user's cache only where nobody else could have written them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hyperscan
import pytest

from samples import TOKEN, Repository

FOUND, NOT_FOUND = 1, 0
NOBODY = 65534


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The first line of a cache, which names the rules that it is of."""
    made = "import sys; from sotctl.scanning.engine import ready_engine; sys.stdout.buffer.write(ready_engine())"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    whole = subprocess.run([sys.executable, "-c", made], env=environment, capture_output=True, check=True).stdout
    return whole.partition(b"\n")[0] + b"\n"


@pytest.fixture
def cache(store: Repository, key: bytes, tmp_path: Path) -> Path:
    """A cache whose compiled rules find nothing, beside a file that is large enough for them and holds a token."""
    database = hyperscan.Database()
    database.compile(expressions=[b"never in any file"], ids=[0], elements=1, flags=[0])
    blind = hyperscan.dumpb(database)
    cache = tmp_path / "cache/sotctl/secrets.hs"
    cache.parent.mkdir(mode=0o700, parents=True)
    cache.write_bytes(b"%b%d\n%b%b" % (key, len(blind), blind, blind))
    cache.chmod(0o600)
    lines = (f"{number * number:x}" for number in range(1 << 17))  # over a megabyte, nothing twice
    store.write("large.txt", " ".join(lines) + f"\nkey {TOKEN}\n")
    return cache


def scanned(store: Repository, cache: Path) -> int:
    return store.spawn("scan", "large.txt", XDG_CACHE_HOME=str(cache.parent.parent)).returncode


def test_the_users_own_cache_is_taken(store: Repository, cache: Path) -> None:
    assert scanned(store, cache) == NOT_FOUND


def file_mode(bits: int) -> Callable[[Path], None]:
    return lambda cache: cache.chmod(cache.stat().st_mode | bits)


def folder_mode(bits: int) -> Callable[[Path], None]:
    return lambda cache: cache.parent.chmod(cache.parent.stat().st_mode | bits)


def linked(path: Path) -> None:
    path.symlink_to(path.rename(path.with_name("elsewhere")))


WRITABLE = {
    "file of the group": file_mode(stat.S_IWGRP),
    "folder of everyone": folder_mode(stat.S_IWOTH),
    "a link": linked,
}


@pytest.mark.parametrize("spoil", WRITABLE.values(), ids=WRITABLE)
def test_a_cache_that_others_may_write_is_made_anew(
    store: Repository, cache: Path, spoil: Callable[[Path], None]
) -> None:
    blind = cache.read_bytes()
    spoil(cache)
    assert scanned(store, cache) == FOUND
    assert cache.read_bytes() != blind
    modes = {stat.S_IMODE(path.lstat().st_mode) for path in (cache, cache.parent)}
    assert modes == {0o600, 0o700}


FOREIGN: dict[str, Callable[[Path], None]] = {
    "file": lambda cache: os.chown(cache, NOBODY, NOBODY),
    "folder": lambda cache: os.chown(cache.parent, NOBODY, NOBODY),
}


@pytest.mark.needs_root
@pytest.mark.parametrize("which", FOREIGN)
def test_a_cache_of_another_user_is_not_taken(store: Repository, cache: Path, which: str) -> None:
    blind = cache.read_bytes()
    FOREIGN[which](cache)
    assert scanned(store, cache) == FOUND
    assert (cache.read_bytes() == blind) == (which == "folder")  # nothing is written into a folder of somebody else's


def test_neither_a_pipe_nor_a_linked_folder_is_taken(store: Repository, cache: Path) -> None:
    linked(cache.parent)
    assert scanned(store, cache) == FOUND
    cache.unlink()
    cache.parent.unlink()
    cache.parent.mkdir(mode=0o700)
    os.mkfifo(cache)
    assert scanned(store, cache) == FOUND
