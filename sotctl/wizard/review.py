"""The last screen: everything that would be written, and nothing approved by Enter alone."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sotctl.admission.answers import written_item
from sotctl.findings import Finding, refuses
from sotctl.wizard.ask import Save, fill
from sotctl.wizard.form import Form
from sotctl.wizard.prompts import Move, ask_choice, ask_text


class Decided(Enum):
    """How a review ends."""

    APPROVED = "approved"
    LEFT = "left"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the answers would write: the diff, the admission, what the rules find, and the words that approve it."""

    diff: str
    admission: str
    findings: Sequence[Finding]
    approval: str


def review(form: Form, preview: Callable[[dict[str, Any]], Preview], save: Save) -> Decided:
    """Show what would be written until the user approves, leaves or discards.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D; the answers are saved.
    """
    while True:
        fill(form, save)
        shown = preview(form.answers)
        print(_screen(form, shown))
        choice = ask_choice("What now?", "Nothing has been written yet.", _options(form, shown))
        if choice == "approve" and _typed_again(shown.approval):
            return Decided.APPROVED
        if choice == "leave":
            return Decided.LEFT
        if choice == "discard":
            return Decided.DISCARDED
        if choice == "change":
            _jump(form)
        elif isinstance(choice, Move):
            form.take_back(form.questions()[-1].name)


def _options(form: Form, shown: Preview) -> list[tuple[str, str]]:
    approve = [("approve", f"Approve: type {shown.approval}")] if not refuses(shown.findings) else []
    return [("change", "Change an answer"), *approve, ("leave", "Save and leave"), ("discard", "Discard the answers")]


def _typed_again(approval: str) -> bool:
    """Ask for the exact words; going back is no approval."""

    def problem(text: str) -> str | None:
        if not text or (approval.startswith(text) and text != approval):
            return f"type {approval} in full to approve, or Shift-Tab to go back"
        return None if text == approval else f"this is not {approval}"

    return (
        ask_text(f"Type {approval} to approve", "This is the approval. It writes and commits the files above.", problem)
        == approval
    )


def _jump(form: Form) -> None:
    options = [
        (question.name, f"{question.title}: {_written(form.answers.get(question.name, ''))}")
        for question in form.questions()
    ]
    name = ask_choice("Which answer?", "The others are kept.", options)
    if isinstance(name, str):
        form.take_back(name)


def _screen(form: Form, shown: Preview) -> str:
    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    rule = "─" * width if (sys.stdout.encoding or "").lower().startswith("utf") else "-" * width
    answers = [line for title, value in form.filled() for line in _row(title, value, width)]
    parts = [rule, *answers, rule, shown.diff.rstrip("\n")]
    if shown.admission:
        parts += [rule, shown.admission.rstrip("\n")]
    return "\n".join([*parts, rule, *_checks(shown.findings, width), ""])


def _row(title: str, value: Any, width: int) -> list[str]:
    lead = f"{title:<24} " if width >= 60 else f"{title}: "
    return textwrap.wrap(
        _written(value),
        width,
        initial_indent=lead,
        subsequent_indent=" " * (25 if width >= 60 else 2),
        break_on_hyphens=False,
    ) or [lead]


def _written(value: Any) -> str:
    return (
        ", ".join(written_item(item) for item in value) or "(none)"
        if isinstance(value, list)
        else str(value) or "(none)"
    )


def _checks(findings: Sequence[Finding], width: int) -> list[str]:
    if not findings:
        return ["Checks: passed"]
    lines = [f"{finding.severity} {finding.rule}: {finding.message}" for finding in findings]
    return ["Checks:", *(row for line in lines for row in textwrap.wrap(line, width, subsequent_indent="  "))]
