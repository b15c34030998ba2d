"""The launcher of a backend: a runtime and an entry, found and identified, with the folders that they need."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl.digests import digest_of_file
from sotctl.evidence.report import Identity
from sotctl.stage2.block import Block, BlockError
from sotctl.stage2.isolation import is_at_or_above

GIT_TIMEOUT_S = 20.0
MAX_WORDS = 2
_STARTERS = frozenset(
    {"env", "busybox", "toybox", "coreutils", "nice", "nohup", "setsid", "timeout", "stdbuf", "xargs", "script"}
    | {"sh", "ash", "bash", "dash", "fish", "ksh", "mksh", "zsh", "csh", "tcsh", "pwsh", "direnv", "dotenv"}
    | {"sudo", "doas", "su", "runuser", "chroot", "unshare", "nsenter", "bwrap", "firejail", "systemd-run"}
)
"""Programs that start another one, some with a changed environment."""


class LaunchError(BlockError):
    """The launcher cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A runtime ("" where the entry is a program of its own) and an entry, both as real paths.

    `package` is the nearest folder with a `package.json` above the entry, else the entry's own.
    """

    runtime: str
    entry: str
    package: str

    def argv(self, options: Sequence[str], arguments: Sequence[str]) -> tuple[str, ...]:
        """The whole command: *options* are the runtime's."""
        return (self.runtime, *options, self.entry, *arguments) if self.runtime else (self.entry, *arguments)

    def folders(self) -> Iterator[str]:
        """The folders that must be readable: the package, all packages beside it, and the runtime."""
        parts = Path(self.package).parts
        if "node_modules" in parts:
            yield str(Path(*parts[: parts.index("node_modules") + 1]))
        else:
            yield self.package
        if self.runtime:
            yield _runtime_folder(self.runtime)


def resolve(words: Sequence[str]) -> Launch:
    """The launcher as it lies on disk: `RUNTIME ENTRY`, or an entry that names its runtime in its first line.

    Raises:
        LaunchError: It is anything else, or is not there.
    """
    if len(words) > MAX_WORDS or any(word.startswith("-") for word in words[1:]):
        raise _refused("a launcher is a program and its entry, without options or arguments of their own")
    if len(words) == MAX_WORDS:
        runtime, entry = _program(words[0]), _file(words[1])
    else:
        entry = _program(words[0])
        runtime = _interpreter(entry)
    if runtime and _head(runtime).startswith(b"#!"):
        raise _refused(f"{runtime} is a script, which would stand between sotctl and the backend")
    names = (os.path.basename(place) for place in (words[0], runtime or entry))
    if starter := next((name for name in names if name in _STARTERS), None):
        raise _refused(f"{starter} would stand between sotctl and the backend, and could change what it runs")
    return Launch(runtime=runtime, entry=entry, package=_package(entry))


def too_wide(launch: Launch, private: Sequence[str]) -> str:
    """The first folder that the program would have to read and that holds a private one; "" where none does."""
    return next((place for place in launch.folders() if any(is_at_or_above(place, own) for own in private)), "")


def identify(name: str, launch: Launch) -> Identity:
    """Which program that is, from its files; it is not started."""
    program, version = _named(launch.package)
    commit, dirty = _checkout(launch.package)
    return Identity(
        name=name,
        program=program,
        version=version,
        entry=launch.entry,
        entry_sha256=_digest(launch.entry),
        runtime=launch.runtime,
        runtime_sha256=_digest(launch.runtime) if launch.runtime else "",
        commit=commit,
        dirty=dirty,
    )


def _refused(message: str) -> LaunchError:
    return LaunchError(Block(reason="launcher-not-allowed", message=message, next="", status="mismatch"))


def _absent(message: str) -> LaunchError:
    return LaunchError(Block(reason="program-missing", message=message, next=""))


def _program(word: str) -> str:
    if "=" in os.path.basename(word) and not os.path.exists(word):
        raise _refused("a launcher sets no variables; the backend has the environment that sotctl makes")
    found = shutil.which(word)
    if found is None:
        place = os.path.abspath(word)
        why = "is a folder" if os.path.isdir(place) else "is not there, or is not executable"
        raise _absent(f"{word} {why}")
    return os.path.realpath(found)


def _file(word: str) -> str:
    place = os.path.realpath(os.path.expanduser(word))
    if not os.path.isfile(place):
        raise _absent(f"{word} {'is a folder' if os.path.isdir(place) else 'is not there'}")
    return place


def _interpreter(entry: str) -> str:
    """What the first line of a script names, behind `env`; "" for a program that is not a script."""
    head = _head(entry)
    if not head.startswith(b"#!"):
        return ""
    words = head[2:].partition(b"\n")[0].decode("utf-8", "replace").split()
    if words and os.path.basename(words[0]) == "env":
        words = [word for word in words[1:] if word != "-S"]
    if len(words) != 1:
        raise _refused(f"the first line of {entry} starts more than a runtime")
    return _program(words[0])


def _head(place: str) -> bytes:
    try:
        with open(place, "rb") as file:
            return file.read(256)
    except OSError as error:
        raise _absent(f"{place} cannot be read: {error.strerror}") from None


def _package(entry: str) -> str:
    for folder in Path(entry).parents:
        if (folder / "package.json").is_file():
            return str(folder)
    return os.path.dirname(entry)


def _runtime_folder(runtime: str) -> str:
    """The package of a runtime; the file itself where it has none."""
    folder = _package(runtime)
    return folder if (Path(folder) / "package.json").is_file() else runtime


def _named(package: str) -> tuple[str, str]:
    try:
        values = json.loads((Path(package) / "package.json").read_bytes())
        return str(values.get("name", "")), str(values.get("version", ""))
    except (OSError, ValueError, AttributeError, RecursionError):
        return "", ""


def _checkout(package: str) -> tuple[str | None, bool | None]:
    """HEAD of a checkout, and whether it has changes; None for a package that is not a checkout."""
    if not (Path(package) / ".git").exists():
        return None, None
    head = _git(package, "rev-parse", "HEAD")
    status = _git(package, "status", "--porcelain", "--untracked-files=normal")
    return (None, None) if head is None or status is None else (head.strip(), bool(status.strip()))


def _git(folder: str, *arguments: str) -> str | None:
    safe = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", f"safe.directory={folder}")
    kept = {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    environment = {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            ["git", *safe, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=GIT_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _digest(place: str) -> str:
    try:
        return digest_of_file(place)
    except OSError as error:
        raise _absent(f"{place} cannot be read: {error.strerror}") from None
