"""One file for each backend, with `BACKEND`."""
