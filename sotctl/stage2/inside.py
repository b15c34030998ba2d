"""Runs between the sandbox and the program: hands the recorder its socket, starts the program, and ends with sotctl.

Started as `python -I -S -c SOURCE CHANNEL PORT MAX_BYTES PROGRAM ARGUMENTS...`; it imports only the standard library.
PORT 0 means that there is no sandbox, and that the recorder has a socket of its own. What it sends over CHANNEL: `L`
with the listening socket, then `!` and a sentence where the program could not be started, and in the end `+` and the
count of processes that were left over. CHANNEL is closed by the other side when sotctl ends, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import sys
import time


def main() -> int:
    """Start the program, wait for it, and give its exit status; 128 and the signal's number where one ended it."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)
    if port := int(sys.argv[2]):
        listener = socket.socket()
        listener.bind(("127.0.0.1", port))
        listener.listen(256)
        socket.send_fds(channel, [b"L"], [listener.fileno()])
        listener.close()
    adopt()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = start(channel, sys.argv[4:], int(sys.argv[3]))
    signal.signal(signal.SIGTERM, lambda *_: signal_group(child, signal.SIGTERM))
    status = wait(channel, child)
    left = others()
    tell(channel, f"+{len(left)}\n")
    return status


def adopt() -> None:
    """Become the parent of orphans, so that they are found when sotctl ends."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER of prctl(2)


def start(channel: socket.socket, command: list[str], most_bytes: int) -> int:
    """Start the program in a group of its own; what keeps it from being started is sent over the channel."""
    child = os.fork()
    if child:
        return child
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        bound = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bound, bound))
        os.execv(command[0], command)
    except OSError as error:
        tell(channel, f"!{command[0]}: {error.strerror}\n")
    os._exit(127)


def wait(channel: socket.socket, child: int) -> int:
    """Wait for the program, or for sotctl to be gone: then end everything at once."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    pidfd = os.pidfd_open(child) if hasattr(os, "pidfd_open") else -1
    if pidfd >= 0:
        poll.register(pidfd, select.POLLIN)
    while True:
        ready = {fd for fd, _ in poll.poll(None if pidfd >= 0 else 50)}
        if channel.fileno() in ready and not channel.recv(1):
            end_all(child)
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def signal_group(group: int, number: int) -> None:
    """Send a signal to the program's group, if it still exists."""
    with contextlib.suppress(OSError):
        os.killpg(group, number)


def end_all(child: int) -> None:
    """End the program's group, every process below this one, and this one."""
    signal_group(child, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while (left := others()) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        reap()
    os._exit(137)


def others() -> list[int]:
    """The processes below this one that have not ended; known only on Linux."""
    reap()
    return [pid for pid, has_ended in below().items() if not has_ended]


def below() -> dict[int, bool]:
    """The processes that this one has started, directly or not, and whether each has ended and waits to be reaped."""
    parents: dict[int, int] = {}
    ended: dict[int, bool] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            parents[int(name)], ended[int(name)] = int(fields[1]), fields[0] == b"Z"
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: ended[pid] for pid in sorted(found - {os.getpid()})}


def reap() -> None:
    """Take the exit status of every child that has ended, the program's own apart."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def tell(channel: socket.socket, text: str) -> None:
    """Send a line, if somebody listens."""
    with contextlib.suppress(OSError):
        channel.sendall(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    sys.exit(main())
