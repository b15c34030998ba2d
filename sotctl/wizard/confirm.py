"""A plain yes or no, where Enter means no."""

from __future__ import annotations

from sotctl.errors import InterruptedByUser
from sotctl.wizard.prompts import ask_choice


def confirm(question: str) -> None:
    """Ask; go on only after yes.

    Raises:
        InterruptedByUser: The answer is no, back, Ctrl-C or Ctrl-D.
    """
    if not agrees(question):
        raise InterruptedByUser("nothing was written")


def agrees(question: str) -> bool:
    """Ask, and tell whether the answer is yes.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D.
    """
    return ask_choice(question, "Nothing has been written yet.", [("no", "No"), ("yes", "Yes")]) == "yes"
