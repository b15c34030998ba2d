"""Divides work among processes, and yields the results in the order of the work."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import pickle
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

from sotctl.errors import SotError

T = TypeVar("T")
R = TypeVar("R")


class WorkerError(SotError):
    """A worker process was killed."""


def results(work: Callable[[T], R], pieces: Iterable[T], *, anew: Callable[[], object]) -> Iterator[R]:
    """Yield the result of *work* on each of the *pieces*, from one process for each core.

    All processes are ended when the iteration ends, even by an error.

    Args:
        anew: Called first in each process that does not start as a copy of this one.
    Raises:
        WorkerError: A process ended before it answered, most often because memory ran out.
    """
    crew: list[tuple[multiprocessing.process.BaseProcess, Connection]] = []
    # Ctrl-C reaches all processes of a terminal. The workers block it; this process ends them.
    unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(os.cpu_count() or 1):
            crew.append(_started(work, anew, [connection for _, connection in crew]))
        signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        yield from _in_order([connection for _, connection in crew], pieces)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        for process, _ in crew:
            process.kill()  # nothing in it needs cleaning up
        for process, connection in crew:
            process.join()
            connection.close()


def _started(
    work: Callable[[T], R], anew: Callable[[], object], others: list[Connection]
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """Start a process and return it with our end of the connection to it.

    On Linux it is a fork of this one, so that nothing is imported or loaded twice; elsewhere forking is not safe.
    """
    copied = sys.platform == "linux"
    context = multiprocessing.get_context("fork" if copied else None)
    ours, theirs = context.Pipe()
    arguments = (work, theirs, None, [*others, ours]) if copied else (work, theirs, anew, [])
    process = context.Process(target=_serve, args=arguments, daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _serve(
    work: Callable[[T], R], line: Connection, anew: Callable[[], object] | None, others: list[Connection]
) -> None:
    """Answer until the other end is closed. Close the inherited *others* first: they would keep other ends open."""
    for other in others:
        other.close()
    threading.Thread(target=_end_with_parent, daemon=True).start()  # one piece of work can take minutes
    if anew is not None:
        anew()
    try:
        while True:
            piece = line.recv()
            try:
                answer: object = work(piece)
            except Exception as error:
                answer = error
            line.send(answer)
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _in_order(lines: list[Connection], pieces: Iterable[T]) -> Iterator[R]:
    """Yield the answers in order. Each process gets two pieces, so that it is busy while one answer is read.

    A piece that might not fit into the pipe is sent only after the process has answered all its pieces: otherwise both
    sides could block on full pipes.
    """
    numbered = enumerate(map(pickle.dumps, pieces))
    free = [*lines, *lines]
    capacity = _capacity_bytes(lines[0])
    held: dict[Connection, list[int]] = {line: [] for line in lines}
    answers: dict[int, R] = {}
    next_piece = 0

    def take(line: Connection) -> None:
        answers[held[line].pop(0)] = _answer(line)
        free.append(line)

    while True:
        for number, piece in itertools.islice(numbered, len(free)):
            line = free.pop()
            while held[line] and len(piece) > capacity:
                take(line)
            with _alive():
                line.send_bytes(piece)
            held[line].append(number)
        if not any(held.values()):
            return
        for line in cast("list[Connection]", wait([line for line in lines if held[line]])):
            take(line)
        while next_piece in answers:
            yield answers.pop(next_piece)
            next_piece += 1


def _capacity_bytes(line: Connection) -> int:
    """Return how large a piece may be so that two fit into the pipe, with the system's overhead."""
    with socket.socket(fileno=os.dup(line.fileno())) as end:
        return end.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 4


def _answer(line: Connection) -> Any:
    with _alive():
        answer = line.recv()
    if isinstance(answer, Exception):
        raise answer
    return answer


@contextmanager
def _alive() -> Iterator[None]:
    """Raise `WorkerError` if the process at the other end has ended."""
    try:
        yield
    except (EOFError, ConnectionError):
        message = "a scanning process was killed, so not everything was scanned"
        raise WorkerError(message, hint="check that there is enough memory") from None
