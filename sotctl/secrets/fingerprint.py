"""Identifies a secret without revealing it."""

from __future__ import annotations

from sotctl.secrets.secret import Secret

KEY_BYTES = 32
"""Length of the random key of a new baseline."""


def fingerprint(value: bytes, *, key: bytes) -> str:
    """Return the keyed fingerprint of *value*: 32 hexadecimal digits that reveal nothing without the *key*.

    Args:
        key: The random key of the baseline, at least 16 bytes; under another key the fingerprint differs.
    Raises:
        ValueError: The key is too short to hide a guessable value.

    Source: RFC 2104. HMAC-SHA-256 rather than keyed BLAKE2 (RFC 7693), because auditors can recompute it anywhere.
    """
    if len(key) < 16:
        raise ValueError(f"the fingerprint key has {len(key)} bytes; it needs 16 or more")
    import hashlib
    import hmac

    return hmac.new(key, value, hashlib.sha256).hexdigest()[:32]


def of(secret: Secret, data: bytes, *, key: bytes) -> str:
    """Return the fingerprint of *secret*, found in *data*; it depends on the value alone, not on its position."""
    return fingerprint(data[secret.start : secret.start + secret.length], key=key)
