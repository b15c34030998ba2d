"""Shows on a terminal how far a long look has come, after one second."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

_QUIET_S = 1.0
_EVERY_S = 0.1


def watched(things: Iterable[T], what: str, weigh: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
    """Yield *things* unchanged; on a terminal, a line counts them (`commits`, `files`) and disappears at the end.

    Args:
        weigh: How much each of them adds to the count.
    """
    if not sys.stderr.isatty():
        yield from things
        return
    count, is_shown, due = 0, False, time.monotonic() + _QUIET_S
    try:
        for thing in things:
            count += weigh(thing)
            if (now := time.monotonic()) > due:
                is_shown, due = True, now + _EVERY_S
                sys.stderr.write(f"\rsotctl: {count} {what} looked at ")
                sys.stderr.flush()
            yield thing
    finally:
        if is_shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
