"""The compiled form of the secret rules, kept between runs for bulk work."""

from __future__ import annotations

import os

from sotctl.secrets import on_demand, prepare


def offer_engine() -> None:
    """Let the detector take the compiled rules from the user's cache as soon as there is enough to look at.

    Called once, when a process starts; nothing is read or imported before it is needed.
    """
    on_demand(lambda build: ready_engine(build=build))


def ready_engine(*, build: bool = True) -> bytes:
    """Make the detector ready for bulk work now; the compiled rules are kept in the user's cache.

    A cache that does not load is rebuilt (about half a second); if it cannot be written, it is rebuilt every time.

    Args:
        build: Without, the detector is made ready only where the cache serves.

    Returns:
        What `prepare` takes in another process; empty where it is not ready.
    """
    path = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "sotctl", "secrets.hs")  # noqa: PTH111, PTH118 - pathlib costs a hook more than this
    try:
        with open(path, "rb") as file:
            kept = file.read()
    except OSError:
        kept = b""
    built = prepare(kept, build=build)
    if built and built != kept:
        _keep(path, built)
    return built


def _keep(path: str, built: bytes) -> None:
    import contextlib
    from pathlib import Path

    from sotctl.durable import write_durably

    with contextlib.suppress(OSError):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_durably(Path(path), built, mode=0o600)
