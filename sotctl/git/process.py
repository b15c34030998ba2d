"""Starts programs without `subprocess`, which takes a hook longer to import than its git takes to run."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would cost a hook as much again
    from collections.abc import Callable, Mapping, Sequence

running: set[int] = set()
"""The processes that were started and have not been waited for."""

_SIGPIPE = 13
_CHUNK = 1 << 16


class Done:
    """How a program ended: its exit status (negative: the signal that ended it) and what it wrote."""

    __slots__ = ("returncode", "stderr", "stdout")

    def __init__(self, returncode: int, stdout: bytes, stderr: bytes) -> None:
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr

    @property
    def said(self) -> str:
        """What it wrote to stderr, as text."""
        return self.stderr.decode("utf-8", "replace").strip()


def start(
    arguments: Sequence[str], environment: Mapping[str, str], *, stdin: int, stdout: int, stderr: int | None = None
) -> int:
    """Start a program found on PATH with the given descriptors; without *stderr*, what it says there is dropped.

    Returns:
        The process id; `wait` for it.
    Raises:
        FileNotFoundError: There is no such program.
    """
    actions: list[tuple[int, ...] | tuple[int, int, str, int, int]] = [
        (os.POSIX_SPAWN_DUP2, stdin, 0),
        (os.POSIX_SPAWN_DUP2, stdout, 1),
    ]
    if stderr is None:
        actions.append((os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0))
    else:
        actions.append((os.POSIX_SPAWN_DUP2, stderr, 2))
    # Python ignores SIGPIPE, and a child would inherit that.
    process = os.posix_spawnp(arguments[0], list(arguments), environment, file_actions=actions, setsigdef=[_SIGPIPE])
    running.add(process)
    return process


def wait(process: int) -> int:
    """The exit status of a process that has ended or will; negative for a signal."""
    status = os.waitpid(process, 0)[1]
    running.discard(process)
    return os.waitstatus_to_exitcode(status)


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    stdin: bytes = b"",
    meanwhile: Callable[[], object] | None = None,
) -> Done:
    """Run a program to its end, feed it *stdin*, and keep what it writes; *meanwhile* is called while it starts."""
    (in_read, in_write), (out_read, out_write), (err_read, err_write) = os.pipe(), os.pipe(), os.pipe()
    ours, theirs = [in_write, out_read, err_read], (in_read, out_write, err_write)
    try:
        try:
            process = start(arguments, environment, stdin=in_read, stdout=out_write, stderr=err_write)
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        if meanwhile is not None:
            meanwhile()
        said = _talk(ours, in_write, stdin)
    finally:
        for descriptor in ours:
            os.close(descriptor)
    return Done(wait(process), said[out_read], said[err_read])


def _talk(ours: list[int], sink: int, stdin: bytes) -> dict[int, bytes]:
    """Write *stdin* to *sink* while reading the others to their ends; closed descriptors are removed from *ours*."""
    import select  # imported here, since the gate does not need it

    parts: dict[int, list[bytes]] = {descriptor: [] for descriptor in ours}
    os.set_blocking(sink, False)
    poll = select.poll()
    for descriptor in ours:
        poll.register(descriptor, select.POLLOUT if descriptor == sink else select.POLLIN)
    view = memoryview(stdin)
    while ours:
        for descriptor, _ in poll.poll():
            if descriptor == sink:
                view = _written(sink, view)
                finished = not view
            else:
                data = os.read(descriptor, _CHUNK)
                parts[descriptor].append(data)
                finished = not data
            if finished:
                poll.unregister(descriptor)
                ours.remove(descriptor)
                os.close(descriptor)
    return {descriptor: b"".join(data) for descriptor, data in parts.items()}


def _written(sink: int, view: memoryview) -> memoryview:
    """The rest of *view* after one write; empty if the reader is gone."""
    try:
        return view[os.write(sink, view[:_CHUNK]) :] if view else view
    except BlockingIOError:
        return view
    except BrokenPipeError:
        return view[len(view) :]
