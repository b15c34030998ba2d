"""Install, inspect or remove the git hooks."""
