"""A real pseudo-terminal with a screen that can be read."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pexpect
import pyte

KEYS = {
    "enter": "\r",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "back": "\x1b[Z",
    "ctrl-c": "\x03",
    "ctrl-d": "\x04",
    "clear": "\x15",
}
PATIENCE_S = 20.0
END_S = 120.0
"""No program of a test takes longer; one that waits for a key that was lost would wait for ever."""

SOTCTL = (sys.executable, "-m", "sotctl")


class Terminal:
    """A program, sotctl by default, in a terminal of *columns* by *rows*.

    `screen` is what a person sees, `history` all that was printed.
    """

    def __init__(
        self,
        cwd: Path,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        program: Sequence[str] = SOTCTL,
        **environment: str,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self.history = ""
        self._pressed = 0
        self._came = False
        env = {**os.environ, "TERM": "xterm-256color", **environment}
        env.pop("COLUMNS", None)
        self.process = pexpect.spawn(
            program[0],
            [*program[1:], *arguments],
            cwd=str(cwd),
            env=env,
            dimensions=(rows, columns),
            encoding="utf-8",
        )

    @property
    def screen(self) -> str:
        """The visible lines."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def wait(self, text: str) -> None:
        """Read until *text* stands on the screen, or stood there and has scrolled away since."""
        deadline = time.monotonic() + PATIENCE_S
        self._came = text in self.screen
        while not self._came:
            if time.monotonic() > deadline or not self._read(text):
                raise AssertionError(f"{text!r} never came; the screen is\n{self.screen}")

    def wait_anew(self, text: str) -> None:
        """Read until *text* was printed since the last key: on the screen it may stand from before."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.history[self._pressed :]:
            if time.monotonic() > deadline or not self._read():
                raise AssertionError(f"{text!r} never came again; the screen is\n{self.screen}")

    def press(self, *keys: str) -> None:
        """Type named keys, or text as it is."""
        self._pressed = len(self.history)
        for key in keys:
            self.process.send(KEYS.get(key, key))

    def answer(self, title: str, *keys: str) -> None:
        """Wait for a question, then type."""
        self.wait(title)
        self.press(*keys)

    def finish(self) -> int:
        """Read to the end and return the exit status."""
        deadline = time.monotonic() + END_S
        while self._read():
            if time.monotonic() > deadline:
                self.process.close(force=True)
                raise AssertionError(f"it never ended; the screen is\n{self.screen}")
        self.process.close()
        return int(self.process.exitstatus if self.process.exitstatus is not None else -1)

    def _read(self, awaited: str = "") -> bool:
        is_alive = self.process.isalive()  # asked first: what a program prints before it ends can still be read
        try:
            data = self.process.read_nonblocking(65536, timeout=0.2)
        except pexpect.TIMEOUT:
            return is_alive
        except pexpect.EOF:
            return False
        self.history += data
        may_scroll_away = bool(awaited) and data.count("\n") >= self._screen.lines
        for part in data.splitlines(keepends=True) if may_scroll_away else [data]:
            self._stream.feed(part)
            self._came = self._came or bool(awaited and awaited in self.screen)
        # prompt_toolkit asks where the cursor is and waits for the answer, as a terminal would give it.
        if "\x1b[6n" in data:
            self.process.send(f"\x1b[{self._screen.cursor.y + 1};{self._screen.cursor.x + 1}R")
        return True
