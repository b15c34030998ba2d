"""The compiled form of the secret rules, kept between runs for bulk work."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from sotctl.repository.files import write_durably
from sotctl.secrets import prepare


def ready_engine() -> bytes:
    """Make the detector ready for bulk work; the compiled rules are kept in the user's cache.

    A cache that does not load is built again (about half a second); one that cannot be kept is built every time.

    Returns:
        What `prepare` takes in another process; empty where hyperscan is not installed.
    """
    path = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "sotctl" / "secrets.hs"  # noqa: PTH111
    try:
        kept = path.read_bytes()
    except OSError:
        kept = b""
    built = prepare(kept)
    if built and built != kept:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, built, mode=0o600)
    return built
