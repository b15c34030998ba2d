"""Run the focused validators."""
