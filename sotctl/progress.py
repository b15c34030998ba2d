"""Shows the progress of a hook on a terminal, after one second."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

_QUIET_S = 1.0
_EVERY = 50


def watched(things: Iterable[T], what: str) -> Iterator[T]:
    """Yield *things* unchanged; on a terminal, a line counts them (`commits`, `files`) and disappears at the end."""
    if not sys.stderr.isatty():
        yield from things
        return
    begun, shown = time.monotonic(), False
    try:
        for number, thing in enumerate(things, 1):
            if number % _EVERY == 0 and time.monotonic() - begun > _QUIET_S:
                shown = True
                sys.stderr.write(f"\rsotctl: {number} {what} looked at ")
                sys.stderr.flush()
            yield thing
    finally:
        if shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
