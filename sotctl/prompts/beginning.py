"""The questions of `sotctl init`."""

from __future__ import annotations

from sotctl.decisions.beginning import Beginning
from sotctl.documents.formats import FORMATS
from sotctl.prompts.alone import ask_line


def ask_beginning(user: str) -> Beginning:
    """Ask for what a new store needs; *user* is who git says commits here."""
    approver = _ask("Approver", "Who approves providers; the name stands in every approval.", "person", user)
    owner = _ask("Owner", "Who owns the documents.", "one-line", approver.split()[0].lower())
    route = _ask("Route", "Which route the documents belong to, such as a team.", "one-line", "core")
    title = _ask("First document", "The title of the first issues document.", "one-line", "First issues")
    issue = _ask("First issue", "The id of its example issue.", "issue-id", "WORK-001")
    return Beginning(approver=approver, owner=owner, route=route, issue=issue, title=title)


def _ask(title: str, description: str, form: str, default: str) -> str:
    return ask_line(title, description, "is empty", FORMATS[form], default=default)
