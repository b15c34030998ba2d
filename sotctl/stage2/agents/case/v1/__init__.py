"""Runs that were reported as `sotctl.stage2-report/v1`: they verify as they did, and no new ones are made."""
