"""Verify, record, list, pack and export runs."""

GROUP = "run"
