"""Benchmarks of speed and detection; each compares sotctl and its peers in one run."""
