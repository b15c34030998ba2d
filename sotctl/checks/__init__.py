"""Holds a change against every rule; one file for each policy rule in `rules/`, for any file in `anywhere/`."""
