"""The entry point of `sotctl` and `python -m sotctl`: the gate runs without click, every other verb through it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run sotctl and exit at once.

    Everything is written by then, and the interpreter's own shutdown would add a tenth to the call.
    """
    status = 4
    try:
        from sotctl import streams

        streams.fill_closed()
        status = _run(sys.argv[1:])
        streams.complain("")
    except KeyboardInterrupt:  # most of a short call is imports, so Ctrl-C may arrive during one
        status = 130
        os.write(2, b"interrupted\n")
    except Exception:
        import traceback

        traceback.print_exc()
    os._exit(status)


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["gate"] and (status := _gate(arguments[1:])) is not None:
        return status
    from sotctl.cli import main as through_click

    try:
        through_click()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1


def _gate(arguments: list[str]) -> int | None:
    """The exit status of the gate without click; None where click is needed to say what is wrong."""
    import gc

    try:
        from sotctl.fastpath import lazy_inspect

        gc.disable()  # collecting garbage costs more than it frees in a process of some milliseconds
        lazy_inspect.install()
        from sotctl.gate import command as gate

        return gate.fast(arguments)
    except Exception:
        gc.enable()
        return None


if __name__ == "__main__":
    main()
