"""A question outside of a form: back, Ctrl-C and Ctrl-D leave, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sotctl.documents.formats import Reason, one_line
from sotctl.errors import InterruptedByUser
from sotctl.prompts.questions import KEYS_UNSAVED, Move, ask_choice, ask_text
from sotctl.secrets import scan_text


def ask_line(
    title: str,
    description: str,
    empty: str,
    check: Callable[[str], Reason | None] = one_line,
    *,
    default: str = "",
    examples: Sequence[str] = (),
) -> str:
    """Ask for a line that *check* accepts; *empty* is the answer to a blank one. A secret is refused.

    Raises:
        InterruptedByUser: The user left; nothing was written.
    """

    def problem(text: str) -> str | None:
        if not text.strip():
            return empty
        if scan_text(text):
            return "looks like a secret"
        return reason.message if (reason := check(text.strip())) else None

    answer = ask_text(title, description, problem, default=default, examples=examples, keys=KEYS_UNSAVED)
    return _taken(answer).strip()


def ask_one(title: str, description: str, options: Sequence[tuple[str, str]]) -> str:
    """Ask for one of *options*, each a value and its label.

    Raises:
        InterruptedByUser: The user left; nothing was written.
    """
    return _taken(ask_choice(title, description, options, keys=KEYS_UNSAVED))


def _taken(answer: str | Move) -> str:
    if isinstance(answer, Move):
        raise InterruptedByUser("nothing was written")
    return answer
