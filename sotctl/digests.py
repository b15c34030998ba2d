"""SHA-256 in hex.

Python's own implementation, where there is one: `hashlib` loads OpenSSL, which takes the gate longer than the digest of
the largest admission.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _implementation() -> Callable[[bytes], Any]:
    import importlib

    for module in ("_sha2", "_sha256", "hashlib"):
        try:
            found: Callable[[bytes], Any] = importlib.import_module(module).sha256
        except ImportError:
            continue
        return found
    raise ImportError("this Python has no SHA-256")


def sha256(data: bytes) -> str:
    """The SHA-256 of *data*, in hex."""
    return str(_implementation()(data).hexdigest())
