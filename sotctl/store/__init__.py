"""Finds the store, and changes it: lock, journal, apply."""
