"""Generate, list, show or revoke admissions."""
