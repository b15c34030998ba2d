"""The fast way in: `python -I -m sotctl.hooks <hook> <arguments of git>`. A hook that fails refuses."""

from __future__ import annotations

import importlib
import sys

from sotctl.errors import SotError


def main(arguments: list[str]) -> int:
    """Run one hook; whatever goes wrong, the answer is not 0."""
    name, *rest = arguments
    try:
        status: int = importlib.import_module(f"sotctl.hooks.{name.replace('-', '_')}").HOOK.run(rest)
    except SotError as error:
        sys.stderr.write(f"sotctl: {error.message}\n" + (f"hint: {error.hint}\n" if error.hint else ""))
        return error.exit_code
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
