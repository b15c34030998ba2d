"""Scans files and histories for secrets, on all cores."""
