"""Decisions: answers, the record they become, and the plan that writes it."""
