"""The gate: the check before a process starts, on the bytes of one committed file."""
