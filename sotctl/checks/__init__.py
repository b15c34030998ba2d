"""Checks a change against every rule: those about stores are in `rules/`, those about any file in `anywhere/`."""
