"""A plain yes or no, where Enter means no."""

from __future__ import annotations

from sotctl.errors import InterruptedByUser
from sotctl.prompts.questions import KEYS, KEYS_UNSAVED, ask_choice


def confirm(question: str) -> None:
    """Ask outside of a form; go on only after yes.

    Raises:
        InterruptedByUser: The answer is no, back, Ctrl-C or Ctrl-D.
    """
    if not agrees(question, keys=KEYS_UNSAVED):
        raise InterruptedByUser("nothing was written")


def agrees(question: str, description: str = "Nothing has been written yet.", *, keys: str = KEYS) -> bool:
    """Ask, and return whether the answer is yes.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D.
    """
    return ask_choice(question, description, [("no", "No"), ("yes", "Yes")], keys=keys) == "yes"
