"""Show that nothing but an admitted pair starts a process."""

GROUP = "run"
