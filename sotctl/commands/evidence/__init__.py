"""Verify runs, record them, and list the records."""

GROUP = "run"
