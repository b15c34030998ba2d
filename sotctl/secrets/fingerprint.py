"""Names a secret without showing it."""

from __future__ import annotations

from sotctl.secrets.secret import Secret

KEY_BYTES = 32
"""Length of the random key a baseline is made with."""


def fingerprint(value: bytes, *, key: bytes) -> str:
    """Return the keyed fingerprint of *value*: 32 hexadecimal digits that reveal nothing without the *key*.

    Args:
        key: The random key of the baseline, at least 16 bytes; the same value has another fingerprint elsewhere.
    Raises:
        ValueError: The key is too short to hide a guessable value.

    Source: RFC 2104; BLAKE2's own keyed mode (RFC 7693) would do, but HMAC-SHA-256 is what auditors can recompute.
    """
    if len(key) < 16:
        raise ValueError(f"the fingerprint key has {len(key)} bytes; it needs 16 or more")
    import hashlib
    import hmac

    return hmac.new(key, value, hashlib.sha256).hexdigest()[:32]


def of(secret: Secret, data: bytes, *, key: bytes) -> str:
    """Return the fingerprint of *secret*, found in *data*. It does not depend on where in the data it stands."""
    return fingerprint(data[secret.start : secret.start + secret.length], key=key)
