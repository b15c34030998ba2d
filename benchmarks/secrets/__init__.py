"""Compares detection and speed of the secret detector and its peers, on corpora generated from a seed."""
