"""The way in, of `sotctl` and of `python -m sotctl`: the gate goes a short way, every other verb through click."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run sotctl and exit at once.

    All is written by then, and taking the interpreter down object by object would cost a tenth of the call.
    """
    status = 4
    try:
        from sotctl import streams

        streams.fill_closed()
        status = _run(sys.argv[1:])
        streams.complain("")
    except KeyboardInterrupt:  # most of a short call is imports, and Ctrl-C comes there as well as elsewhere
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
    """The status of the gate on the short way; None where it could not go it, and the long way says why."""
    import gc

    try:
        from sotctl.fastpath import lazy_inspect

        gc.disable()  # a process of some milliseconds only loses time by collecting
        lazy_inspect.install()
        from sotctl.gate import command as gate

        return gate.fast(arguments)
    except Exception:
        gc.enable()
        return None


if __name__ == "__main__":
    main()
