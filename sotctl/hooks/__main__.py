"""The fast path: the shim starts it with the name of the hook and git's arguments. A hook that fails refuses."""

from __future__ import annotations

import gc
import os
import sys

from sotctl.scanning.engine import offer_engine
from sotctl.streams import complain, fill_closed

_UNCOLLECTED = 100_000
"""New objects before garbage is collected: while a hook starts, collecting it takes a tenth of the time."""


def run(arguments: list[str]) -> int:
    """Run one hook; any failure gives an exit status other than 0."""
    name, *rest = arguments
    from sotctl.errors import SotError

    try:
        module = __import__(f"sotctl.hooks.git.{name.replace('-', '_')}", fromlist=["HOOK"])
        if sys.stdin is None and module.HOOK.reads_updates:
            raise SotError("standard input is closed, so nothing could be checked")
        status: int = module.HOOK.run(rest)
        return status
    except SotError as error:
        _say(f"sotctl: {error.message}\n" + (f"hint: {error.hint}\n" if error.hint else ""))
        return error.exit_code
    except MemoryError:
        complain("sotctl: there is not enough memory to check this, so it is refused\n")
        return 3
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"sotctl: {where}{error.strerror}, so nothing could be checked\n")
        return 3


def _say(text: str) -> None:
    """Print an error without the secrets that it may name: a path, a ref, a key."""
    from sotctl.secrets.withheld import withheld

    complain(withheld(text))


def main() -> None:
    """Run the hook that the command line names, and end the process at once.

    The interpreter's own shutdown would take longer than the check.
    """
    status = 4
    gc.set_threshold(_UNCOLLECTED)
    try:
        fill_closed()
        offer_engine()
        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130
    except Exception:
        import traceback

        _say(traceback.format_exc())
        complain("sotctl: this is a bug in sotctl; nothing was checked, so this is refused\n")
    os._exit(status)


if __name__ == "__main__":
    main()
