"""Install, inspect or remove the git hooks."""

GROUP = "set up"
