"""Searches files and histories for secrets, on all cores."""
