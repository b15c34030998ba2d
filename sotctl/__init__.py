"""Decide on the record which model provider may do real work, and make the decision hold."""

__version__ = "0.1.0"
