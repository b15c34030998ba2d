"""Asks for the meaning of another tool's status."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.documents.quote import quote
from sotctl.prompts.alone import ask_one

LEAVE_OUT = "leave out"


def ask_status(written: str, places: Sequence[str], statuses: Sequence[str]) -> str:
    """Ask which of *statuses* stands for the status *written* in the files at *places*; "" leaves them out."""
    title = f"What does the status {quote(written)} stand for?" if written else "Which status has a record without one?"
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    options = [*((status, status) for status in statuses), (LEAVE_OUT, "none of these: leave the record out")]
    answer = ask_one(title, f"In {', '.join(places[:3])}{more}.", options)
    return "" if answer == LEAVE_OUT else answer
