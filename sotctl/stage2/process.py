"""The backend's process: its pipes, its time, its disk, and the end of everything it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_STREAM_BYTES = 16 * 1024 * 1024
MAX_RUN_BYTES = 1024 * 1024 * 1024
GRACE_S = 2.0
_LOOK_EVERY_S = 0.5
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How the backend ended; `reason` is empty where it ended by itself, and otherwise why it was ended.

    `status` is the exit status, or minus the number of the signal. `dropped_bytes` of its output did not fit.
    """

    status: int
    reason: str
    dropped_bytes: int
    left_over: int


class Stream:
    """One pipe of the backend, copied to a file of at most `MAX_STREAM_BYTES`, and given on line by line."""

    def __init__(self, path: Path, take_line: Callable[[bytes], None] | None = None) -> None:
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._left = MAX_STREAM_BYTES
        self._take_line, self._rest = take_line, b""
        self.dropped_bytes, self.is_open = 0, True

    def drain(self) -> None:
        """Take all that is there now: whatever was written before this call is taken."""
        while self.is_open:
            try:
                chunk = os.read(self.read_end, 256 * 1024)
            except BlockingIOError:
                return
            if not chunk:
                self.is_open = False
                return
            self._keep(chunk)

    def close(self) -> None:
        """Close the file and the pipe."""
        os.close(self._file)
        os.close(self.read_end)

    def _keep(self, chunk: bytes) -> None:
        kept = chunk[: self._left]
        self._left -= len(kept)
        self.dropped_bytes += len(chunk) - len(kept)
        try:
            while kept:
                kept = kept[os.write(self._file, kept) :]
        except OSError:  # the disk is full: the rest is dropped, which fails the run
            self._left = 0
            self.dropped_bytes += len(kept)
        if self._take_line is not None and not self.dropped_bytes:
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                self._take_line(line)


async def supervise(
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    run_dir: Path,
    stdout: Stream,
    stderr: Stream,
    timeout_s: float,
    stop: asyncio.Event,
) -> Exit:
    """Run the backend to its end, or to ours, and end all that it started.

    Raises:
        OSError: The command could not be started.
    """
    _adopt_orphans()
    loop = asyncio.get_running_loop()
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stdout.write_end,
            stderr=stderr.write_end,
            start_new_session=True,
        )
    finally:
        os.close(stdout.write_end)
        os.close(stderr.write_end)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):  # it has ended already, or a lower bound holds for all of us
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (MAX_RUN_BYTES, MAX_RUN_BYTES))
    streams = (stdout, stderr)
    for stream in streams:
        loop.add_reader(stream.read_end, _drain, loop, stream)
    reason = await _wait(process, run_dir, timeout_s, stop)
    left_over = await _end_all(process, ended_by_itself=not reason)
    for stream in streams:
        loop.remove_reader(stream.read_end)
        stream.drain()
    dropped = sum(stream.dropped_bytes for stream in streams)
    return Exit(status=process.wait(), reason=reason, dropped_bytes=dropped, left_over=left_over)


def _drain(loop: asyncio.AbstractEventLoop, stream: Stream) -> None:
    stream.drain()
    if not stream.is_open:
        loop.remove_reader(stream.read_end)


async def _wait(process: subprocess.Popen[bytes], run_dir: Path, timeout_s: float, stop: asyncio.Event) -> str:
    """Wait for the end; "" when it came by itself, else the reason to end it."""
    ended = asyncio.ensure_future(asyncio.to_thread(process.wait))
    stopped = asyncio.ensure_future(stop.wait())
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    try:
        while True:
            left = deadline - loop.time()
            await asyncio.wait(
                {ended, stopped}, timeout=max(0.0, min(left, _LOOK_EVERY_S)), return_when=asyncio.FIRST_COMPLETED
            )
            if ended.done():
                return ""
            if stopped.done():
                return "interrupted"
            if loop.time() >= deadline:
                return "timeout"
            if size_of(run_dir) > MAX_RUN_BYTES:
                return "disk-quota"
    finally:
        stopped.cancel()


def size_of(folder: Path) -> int:
    """The bytes of all files below a directory."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_size
    return total


async def _end_all(process: subprocess.Popen[bytes], *, ended_by_itself: bool) -> int:
    """End the process group and every descendant, politely and then not; the count of those that had to be killed."""
    _signal_group(process.pid, signal.SIGTERM)
    deadline = asyncio.get_running_loop().time() + (0.0 if ended_by_itself else GRACE_S)
    while process.poll() is None and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)
    _signal_group(process.pid, signal.SIGKILL)
    killed = 0
    while left := descendants():
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                if pid != process.pid and os.waitpid(pid, os.WNOHANG)[0]:
                    killed += 1
        await asyncio.sleep(0.005)
    return killed


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _adopt_orphans() -> None:
    """Become the parent of the backend's orphans, so that a process that leaves its group is still found (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def descendants() -> list[int]:
    """The processes that this one has started, directly or not, and that have not ended; known on Linux alone."""
    parents: dict[int, int] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()
                parents[int(name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})
