"""The questions of a move: where to, and why."""

from __future__ import annotations

from collections.abc import Sequence

from sotctl.documents.formats import one_line
from sotctl.errors import InterruptedByUser
from sotctl.prompts.questions import KEYS_UNSAVED, Move, ask_choice, ask_text
from sotctl.secrets import scan_text


def ask_move(issue_id: str, status: str, targets: Sequence[str]) -> str:
    """Ask for one of the statuses that an issue may move to now.

    Raises:
        InterruptedByUser: Ctrl-C, Ctrl-D or back: nothing is moved.
    """
    return _taken(
        ask_choice(
            f"{issue_id} is {status}; move it to",
            "Only the moves that are open now.",
            [(to, to) for to in targets],
            keys=KEYS_UNSAVED,
        )
    )


def ask_reason(to: str) -> str:
    """Ask for the reason; a blank, or text that looks like a secret, is refused."""

    def problem(text: str) -> str | None:
        if not text.strip():
            return "say why"
        if scan_text(text):
            return "looks like a secret"
        return reason.message if (reason := one_line(text.strip())) else None

    return _taken(ask_text(f"Why {to}?", "It goes into the commit message.", problem, keys=KEYS_UNSAVED)).strip()


def _taken(answer: str | Move) -> str:
    if isinstance(answer, Move):
        raise InterruptedByUser("nothing was written")
    return answer
