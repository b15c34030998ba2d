"""A limit on how long the gate waits for git: git itself waits without end to open a named pipe among its files."""

from __future__ import annotations

import _thread  # importing threading takes the gate longer than the thread
import os

from sotctl.git import process

LIMIT_S = 30.0
_SIGKILL = 9
_PAUSE_S = 0.1


class Patience:
    """Kills, after `LIMIT_S` and until `close`, every git that was started since this was made; so nobody waits on.

    `is_over` says that the limit was reached.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._spared = frozenset(process.running)
        self._closed = _thread.allocate_lock()

    def __enter__(self) -> None:
        self._closed.acquire()
        _thread.start_new_thread(self._watch, ())

    def __exit__(self, *_: object) -> None:
        self._closed.release()

    def _watch(self) -> None:
        limit_s = LIMIT_S
        while not self._closed.acquire(timeout=limit_s):
            self.is_over, limit_s = True, _PAUSE_S
            for pid in process.running - self._spared:
                try:  # noqa: SIM105 - contextlib is imported by nothing else on the way
                    os.kill(pid, _SIGKILL)
                except ProcessLookupError:
                    pass
