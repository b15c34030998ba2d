"""A report as bytes and back: there is one way to write it, so that any other byte is an edit."""

from __future__ import annotations

import json
from typing import Any

from sotctl.digests import sha256

TYPE = "sotctl.stage2-report/v1"
CONSTANT: dict[str, Any] = {
    "observed_fallback": {"provider": "anthropic", "model": "claude-sonnet-4-6"},
    "target_repository_paths": {"inspected": [], "copied": []},
}
"""What every report says alike: the pair that was once seen in use unasked, and that no other repository is touched."""


def encode(values: dict[str, Any]) -> bytes:
    """The bytes of a report."""
    return (json.dumps(values, indent=2) + "\n").encode()


def decode(data: bytes) -> dict[str, Any] | None:
    """A report, where its bytes are exactly those that `encode` gives for it."""
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or values.get("type") != TYPE or encode(values) != data:
        return None
    return values


def core_sha256(values: dict[str, Any]) -> str:
    """The digest of a report without its artifacts: the last line of the trace names it."""
    return sha256(encode({name: value for name, value in values.items() if name != "artifacts"}))
