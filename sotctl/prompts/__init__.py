"""The form: ask, back, review, resume."""
