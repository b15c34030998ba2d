"""The questions of a move: where to, and why."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.prompts.alone import ask_line, ask_one


def ask_move(issue_id: str, status: str, targets: Sequence[str]) -> str:
    """Ask for one of the statuses that an issue may move to now."""
    options = [(to, to) for to in targets]
    return ask_one(f"{issue_id} is {status}; move it to", "Only the moves that are open now.", options)


def ask_reason(to: str) -> str:
    """Ask for the reason of a move."""
    return ask_line(f"Why {to}?", "It goes into the commit message.", "say why")
