"""One file for each output format, with `FORMAT`."""
