"""One file for each policy rule, with `RULE`."""
