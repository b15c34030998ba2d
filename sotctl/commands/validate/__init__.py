"""Run the focused validators."""

GROUP = "run"
