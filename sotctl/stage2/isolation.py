"""The sandbox: bubblewrap without a network, with system folders to read and a few folders to write.

`docs/reference/stage2.md` says what a program in it can see. Source: bwrap(1).
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

PYTHON = os.path.realpath(sys.executable)
PORT = 4180
"""The recorder's port on the loopback of the program's own network, which nothing else uses."""

_SYSTEM = ("/usr", "/nix/store")
_LINKED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = (
    "alternatives",
    "group",
    "hosts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "nsswitch.conf",
    "passwd",
    "protocols",
    "services",
)
TRIAL_TIMEOUT_S = 10.0


def command(argv: Sequence[str], *, cwd: str, writable: Iterable[str] = (), readable: Iterable[str] = ()) -> list[str]:
    """*argv* in the sandbox; *writable* and *readable* are seen where they lie, and lie over what is above them."""
    # Started by root, bubblewrap leaves all capabilities: with them a program could make what it reads writable again.
    words = [_bwrap(), "--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--new-session", *_system()]
    for place in (*python_folders(), *readable):
        words += ["--ro-bind", place, place]
    for place in writable:
        words += ["--bind", place, place]
    return [*words, "--remount-ro", "/", "--chdir", cwd, "--", *argv]


@functools.cache
def _system() -> tuple[str, ...]:
    words: list[str] = ["--proc", "/proc", "--dev", "/dev", "--dir", "/tmp"]
    for place in _SYSTEM:
        words += ["--ro-bind-try", place, place]
    for place in _LINKED:
        if os.path.islink(place):
            words += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            words += ["--ro-bind", place, place]
    for name in _SETTINGS:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return tuple(words)


def python_folders() -> tuple[str, ...]:
    """What the harness's own Python needs in the sandbox, besides the system folders."""
    prefix = os.path.realpath(sys.base_prefix)
    return () if prefix == "/usr" or prefix.startswith("/usr/") else (prefix,)


def paths(*more: str) -> str:
    """The PATH of a program in the sandbox."""
    own = [f"{prefix}/bin" for prefix in python_folders()]
    return os.pathsep.join(dict.fromkeys([*more, *own, "/usr/local/bin", "/usr/bin", "/bin"]))


def _bwrap() -> str:
    return shutil.which("bwrap") or "bwrap"


@functools.cache
def unavailable() -> str:
    """Why the sandbox cannot be used here; "" where it can."""
    if sys.platform != "linux":
        return "bubblewrap runs only on Linux"
    if shutil.which("bwrap") is None:
        return "bwrap is not installed"
    home = os.path.realpath(Path.home())
    if wide := next((place for place in python_folders() if is_at_or_above(place, home)), None):
        return f"Python lies in {wide}, which holds the home folder"
    trial = command(["/usr/bin/env", "true"], cwd="/")
    try:
        done = subprocess.run(trial, capture_output=True, text=True, check=False, timeout=TRIAL_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bwrap could not be started: {error}"
    if done.returncode == 0:
        return ""
    return f"bwrap may not be used here: {(done.stderr.strip().splitlines() or ['it says nothing'])[-1]}"


def is_at_or_above(place: str, other: str) -> bool:
    """Whether a folder is another one, or holds it."""
    return place == other or other.startswith(f"{place.rstrip('/')}/")
