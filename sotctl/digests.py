"""Digests in hex.

For small data Python's own implementation, where there is one: `hashlib` loads OpenSSL, which takes the gate longer
than the digest of the largest admission.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing would cost the gate as much as running git
    import os
    from collections.abc import Callable, Iterable
    from typing import Any

MAX_SMALL_BYTES = 256 * 1024


def _implementation(*names: str, name: str = "sha256") -> Callable[[bytes], Any]:
    for module in names:
        try:
            found: Callable[[bytes], Any] = getattr(__import__(module), name)
        except ImportError:
            continue
        return found
    raise ImportError(f"this Python has no {name}")


def sha256(data: bytes) -> str:
    """The SHA-256 of *data*, in hex."""
    small = len(data) <= MAX_SMALL_BYTES
    implementation = _implementation("_sha2", "_sha256", "hashlib") if small else _implementation("hashlib")
    return str(implementation(data).hexdigest())


def object_id(kind: bytes, data: bytes, like: str) -> str:
    """The id that git gives an object, by the hash that *like* is made with."""
    small = ("_sha1", "hashlib") if len(like) == 40 else ("_sha2", "_sha256", "hashlib")
    name = "sha1" if len(like) == 40 else "sha256"
    return str(_implementation(*small, name=name)(b"%b %d\0%b" % (kind, len(data), data)).hexdigest())


def digest_of_file(place: str | os.PathLike[str]) -> str:
    """The SHA-256 of a file, in hex.

    Raises:
        OSError: It cannot be read.
    """
    import hashlib

    with open(place, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of all *chunks* together, in hex."""
    digest = _implementation("hashlib")(b"")
    for chunk in chunks:
        digest.update(chunk)
    return str(digest.hexdigest())
