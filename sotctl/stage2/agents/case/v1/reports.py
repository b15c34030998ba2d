"""A report as bytes and back. It has one byte form, so any other byte shows an edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import NoneType
from typing import Any

from sotctl.digests import sha256

TYPE = "sotctl.stage2-report/v1"
CONSTANT: dict[str, Any] = {
    "observed_fallback": {"provider": "anthropic", "model": "claude-sonnet-4-6"},
    "target_repository_paths": {"inspected": [], "copied": []},
}
"""Constant fields of every report: the pair once seen in use without a request, and that no other repository is
touched.
"""

_TEXT, _MAYBE_TEXT = (str,), (str, NoneType)
_TESTS = {"passed_before": (bool, NoneType), "passed_after": (bool, NoneType)}

_SHAPE: dict[str, Any] = {
    "run_id": _TEXT,
    "run_directory": _TEXT,
    "backend": _TEXT,
    "task_id": _TEXT,
    "result": _TEXT,
    "reason": _TEXT,
    "message": _TEXT,
    "problems": [{"reason": _TEXT, "message": _TEXT}],
    "next": _TEXT,
    "case_model_provider": _MAYBE_TEXT,
    "case_model": _MAYBE_TEXT,
    "case_model_admission_status": _TEXT,
    "admission_sha256": _MAYBE_TEXT,
    "approval_source": _MAYBE_TEXT,
    "signature": {"state": _TEXT},
    "network": {"class": _MAYBE_TEXT, "hosts": [_TEXT]},
    "used": [
        {
            "agent": _TEXT,
            "provider": _TEXT,
            "model": _TEXT,
            "spawns": (int,),
            "requests": (int,),
            "served_models": [_TEXT],
        }
    ],
    "baseline": {"real": _TESTS, "fake": _TESTS},
    "secret_scan": {"files": (int,), "findings": [{"rule": _TEXT}]},
    "case": {"exit_status": (int, NoneType), "ended_by": _MAYBE_TEXT, "outcome": _MAYBE_TEXT},
    "models_sha256": {"before": _MAYBE_TEXT, "after": _MAYBE_TEXT},
    "isolation": {"tool": _TEXT, "writes_outside_prevented": (bool,)},
    "artifacts": [{"path": _TEXT, "sha256": _TEXT}],
}
"""What is read from a report, and the types it may have: a mapping by key, a list of one shape, or plain types."""


def lack(report: Mapping[str, Any]) -> str:
    """The first part of what a report must hold that is missing or of another type, as `network.hosts`; or ""."""
    return _lack(report, _SHAPE, "")


def _lack(value: Any, shape: Any, place: str) -> str:
    if isinstance(shape, tuple):
        return "" if isinstance(value, shape) else place
    if isinstance(shape, list):
        if not isinstance(value, list):
            return place
        return next((found for at, item in enumerate(value) if (found := _lack(item, shape[0], f"{place}[{at}]"))), "")
    if not isinstance(value, dict):
        return place
    below = ((key, part, f"{place}.{key}".lstrip(".")) for key, part in shape.items())
    return next((found for key, part, at in below if (found := _lack(value.get(key, ...), part, at))), "")


def encode(values: dict[str, Any]) -> bytes:
    """The bytes of a report."""
    return (json.dumps(values, indent=2) + "\n").encode()


def decode(data: bytes) -> dict[str, Any] | None:
    """A report, where its bytes are exactly those that `encode` gives for it."""
    try:
        values = json.loads(data)
        whole = isinstance(values, dict) and values.get("type") == TYPE and encode(values) == data
    except (ValueError, RecursionError):
        return None
    return values if whole else None


def core_sha256(values: dict[str, Any]) -> str:
    """The digest of a report without its artifacts: the last line of the trace names it."""
    return sha256(encode({name: value for name, value in values.items() if name != "artifacts"}))
