"""One file for each git hook, with `HOOK`."""
