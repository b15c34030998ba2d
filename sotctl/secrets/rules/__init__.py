"""The secret rules: one file for each family, each with its rules in `RULES`."""
