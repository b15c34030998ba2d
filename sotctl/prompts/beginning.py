"""The questions of `sotctl init`."""

from __future__ import annotations

from sotctl.decisions.beginning import Beginning
from sotctl.documents.formats import FORMATS
from sotctl.errors import InterruptedByUser
from sotctl.prompts.questions import KEYS_UNSAVED, Move, ask_text
from sotctl.secrets import scan_text


def ask_beginning(user: str) -> Beginning:
    """Ask for what a new store needs; *user* is who git says commits here.

    Raises:
        InterruptedByUser: Back, Ctrl-C or Ctrl-D; nothing was written.
    """
    approver = _ask("Approver", "Who approves providers; the name stands in every approval.", "person", user)
    owner = _ask("Owner", "Who owns the documents.", "one-line", approver.split()[0].lower())
    route = _ask("Route", "Which route the documents belong to, such as a team.", "one-line", "core")
    title = _ask("First document", "The title of the first issues document.", "one-line", "First issues")
    issue = _ask("First issue", "The id of its example issue.", "issue-id", "WORK-001")
    return Beginning(approver=approver, owner=owner, route=route, issue=issue, title=title)


def _ask(title: str, description: str, form: str, default: str) -> str:
    def problem(text: str) -> str | None:
        if not text.strip():
            return "is empty"
        if scan_text(text):
            return "looks like a secret"
        reason = FORMATS[form](text)
        return reason.message if reason else None

    answer = ask_text(title, description, problem, default=default, keys=KEYS_UNSAVED)
    if isinstance(answer, Move):
        raise InterruptedByUser("nothing was written")
    return answer
