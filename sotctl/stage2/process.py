"""The program's process: its pipes, its time, its disk, and the end of everything that it started."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotctl.evidence.report import Ended
from sotctl.stage2 import inside
from sotctl.stage2.isolation import PYTHON
from sotctl.stage2.rundir import open_new

MAX_STREAM_BYTES = 16 * 1024 * 1024
MAX_RUN_BYTES = 1024 * 1024 * 1024
GRACE_S = 2.0
MAX_PROCESSES = 2000
_BLOCK_BYTES = 4096
_LOOK_EVERY_S = 0.5
START_TIMEOUT_S = 20.0


class Stream:
    """One pipe of the backend, copied to a file of at most `MAX_STREAM_BYTES`, and given on line by line."""

    def __init__(self, path: Path, take_line: Callable[[bytes], None] | None = None) -> None:
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self._file = open_new(path)
        self._left = MAX_STREAM_BYTES
        self._take_line, self._rest = take_line, b""
        self.dropped_bytes, self.is_open = 0, True
        self._digest = hashlib.sha256()

    def drain(self) -> None:
        """Read everything that was written before this call."""
        while self.is_open:
            try:
                chunk = os.read(self.read_end, 256 * 1024)
            except BlockingIOError:
                return
            if not chunk:
                self.is_open = False
                return
            self._keep(chunk)

    @property
    def sha256(self) -> str:
        """The digest of what was written to the file."""
        return self._digest.hexdigest()

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
                count = os.write(self._file, kept)
                self._digest.update(kept[:count])
                kept = kept[count:]
        except OSError:  # the disk is full: the rest is dropped, which fails the run
            self._left = 0
            self.dropped_bytes += len(kept)
        if self._take_line is not None and not self.dropped_bytes:
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                self._take_line(line)


class StartError(Exception):
    """The program could not be started; the message says why."""


@dataclass(slots=True, kw_only=True)
class Started:
    """A program that has been started, between the sandbox and the recorder.

    `listener` listens in the sandbox's own network; None without a sandbox. `channel` must stay open: when it is
    closed, by whatever ends sotctl, everything that the program started is ended.
    """

    process: subprocess.Popen[bytes]
    channel: socket.socket
    listener: socket.socket | None


def start(
    argv: Sequence[str],
    *,
    wrap: Callable[[Sequence[str]], Sequence[str]],
    port: int,
    cwd: Path,
    environment: Mapping[str, str],
    stdout: Stream,
    stderr: Stream,
) -> Started:
    """Start the program through `inside.py`, in the sandbox of *wrap*; with *port*, it sends a listening socket.

    Raises:
        StartError: It could not be started.
    """
    ours, theirs = socket.socketpair()
    number = theirs.fileno()
    source = Path(inside.__file__).read_text(encoding="utf-8")
    words = [PYTHON, "-I", "-S", "-c", source, str(number), str(port), str(MAX_RUN_BYTES), *argv]
    try:
        process = subprocess.Popen(
            wrap(words),
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stdout.write_end,
            stderr=stderr.write_end,
            pass_fds=(number,),
            start_new_session=True,
        )
    except OSError as error:
        ours.close()
        raise StartError(f"{error.filename or words[0]}: {error.strerror}") from None
    finally:
        theirs.close()
        os.close(stdout.write_end)
        os.close(stderr.write_end)
    inside.adopt()
    try:
        listener = _handed_over(ours) if port else None
    except StartError:
        process.kill()
        process.wait()
        ours.close()
        raise
    return Started(process=process, channel=ours, listener=listener)


def _handed_over(channel: socket.socket) -> socket.socket:
    """The socket that listens inside the sandbox."""
    channel.settimeout(START_TIMEOUT_S)
    try:
        said, numbers, _, _ = socket.recv_fds(channel, 1, 1)
    except OSError as error:
        raise StartError(f"the sandbox did not start: {error}") from None
    if said != b"L" or len(numbers) != 1:
        raise StartError("the sandbox did not start; its standard error says why")
    return socket.socket(fileno=numbers[0])


async def supervise(
    started: Started, *, run_dir: Path, stdout: Stream, stderr: Stream, timeout_s: float, stop: asyncio.Event
) -> Ended:
    """Wait for the program's end, or for ours, and end all that it started.

    Raises:
        StartError: It was never started.
    """
    loop = asyncio.get_running_loop()
    streams = (stdout, stderr)
    for stream in streams:
        loop.add_reader(stream.read_end, _drain, loop, stream)
    process = started.process
    reason = await _wait(process, run_dir, timeout_s, stop)
    killed = await _end_all(process, ended_by_itself=not reason)
    for stream in streams:
        loop.remove_reader(stream.read_end)
        stream.drain()
    failure, left_over = _last_words(started.channel)
    if failure:
        raise StartError(failure)
    status = process.wait()
    if status > _SIGNALLED and status - _SIGNALLED in set(signal.Signals):
        status = _SIGNALLED - status
    dropped = sum(stream.dropped_bytes for stream in streams)
    return Ended(exit_status=status, ended_by=reason, dropped_bytes=dropped, processes_left_over=left_over or killed)


_SIGNALLED = 128


def _last_words(channel: socket.socket) -> tuple[str, int]:
    """The messages of `inside.py`: why the program could not be started, and how many processes were left over."""
    channel.setblocking(False)
    data = b""
    with contextlib.suppress(OSError):
        while chunk := channel.recv(4096):
            data += chunk
    channel.close()
    failure, left_over = "", 0
    for line in data.decode("utf-8", "replace").splitlines():
        if line.startswith("!"):
            failure = line[1:]
        elif line.startswith("+") and line[1:].isdigit():
            left_over = int(line[1:])
    return failure, left_over


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
            if len(inside.below()) > MAX_PROCESSES:
                return "process-quota"
    finally:
        stopped.cancel()


def size_of(folder: Path) -> int:
    """The bytes of all files below a directory, and a block for each, so that empty ones are bounded too."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_size + _BLOCK_BYTES
    return total


async def _end_all(process: subprocess.Popen[bytes], *, ended_by_itself: bool) -> int:
    """End the process group and every descendant by SIGTERM, then SIGKILL; returns how many had to be killed."""
    inside.signal_group(process.pid, signal.SIGTERM)
    deadline = asyncio.get_running_loop().time() + (0.0 if ended_by_itself else GRACE_S)
    while process.poll() is None and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)
    inside.signal_group(process.pid, signal.SIGKILL)
    killed = 0
    while left := inside.below():
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                if pid != process.pid and os.waitpid(pid, os.WNOHANG)[0]:
                    killed += 1
        await asyncio.sleep(0.005)
    return killed
