"""The last screen: everything that would be written, and nothing approved by Enter alone."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sotctl.decisions.answers import written_item
from sotctl.findings import Finding, refuses
from sotctl.prompts.ask import Save, fill
from sotctl.prompts.confirm import agrees
from sotctl.prompts.form import Form
from sotctl.prompts.questions import Move, ask_choice, ask_text, wrapped


class Decided(Enum):
    """How a review ends."""

    APPROVED = "approved"
    LEFT = "left"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the answers would write, what the rules find in it, and what follows.

    `is_whole` says that the diff shows the admission whole; `missing` is what a run needs besides, the sentence first,
    then lines to copy. `approval` are the words that have to be typed; `approves` says that they approve something.
    """

    diff: str
    admission: str
    is_whole: bool
    findings: Sequence[Finding]
    consequence: str
    approval: str
    approves: bool
    missing: Sequence[str] = ()


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
        if choice == "approve" and _typed_again(shown):
            return Decided.APPROVED
        if choice == "leave":
            return Decided.LEFT
        if choice == "discard" and agrees("Discard the answers?", "They are kept nowhere else."):
            return Decided.DISCARDED
        if choice == "change":
            _jump(form)
        elif isinstance(choice, Move):
            form.take_back(form.questions()[-1].name)


def _options(form: Form, shown: Preview) -> list[tuple[str, str]]:
    deed = "Approve" if shown.approves else "Record it"
    approve = [("approve", f"{deed}: type {shown.approval}")] if not refuses(shown.findings) else []
    return [("change", "Change an answer"), *approve, ("leave", "Save and leave"), ("discard", "Discard the answers")]


def _typed_again(shown: Preview) -> bool:
    """Ask for the exact words; going back is no approval."""
    approval, verb = shown.approval, "approve" if shown.approves else "record it"

    def problem(text: str) -> str | None:
        if not text or (approval.startswith(text) and text != approval):
            return f"type {approval} in full to {verb}, or Shift-Tab to go back"
        return None if text == approval else f"this is not {approval}"

    what = "This is the approval. It" if shown.approves else "This"
    return ask_text(f"Type {approval} to {verb}", f"{what} writes and commits the files above.", problem) == approval


def _jump(form: Form) -> None:
    options = [
        (question.name, f"{question.title}: {_written(form.answers.get(question.name, ''))}")
        for question in form.questions()
    ]
    name = ask_choice("Which answer?", "The others are kept.", options)
    if isinstance(name, str):
        form.take_back(name)


def _screen(form: Form, shown: Preview) -> str:
    width = _width()
    rule = "─" * width if (sys.stdout.encoding or "").lower().startswith("utf") else "-" * width
    answers = [line for title, value in form.filled() for line in rows(title, value)]
    parts = [rule, *answers, rule, shown.diff.rstrip("\n"), rule]
    if shown.is_whole:
        parts += [*wrapped("The diff above shows the whole admission, as it will be."), rule]
    elif shown.admission:
        parts += [shown.admission.rstrip("\n"), rule]
    parts += _checks(shown.findings)
    if shown.missing:
        sentence, *lines = shown.missing
        parts += ["", *wrapped(f"Warning: {sentence}"), *lines]
    if shown.consequence:
        parts += ["", *wrapped(shown.consequence)]
    return "\n".join([*parts, ""])


def rows(title: str, value: Any) -> list[str]:
    """An answer behind the title of its question, each item of a list on a line of its own."""
    width = _width()
    lead = f"{title:<24} " if width >= 60 else f"{title}: "
    under = " " * (25 if width >= 60 else 2)
    items = [written_item(item) for item in value] if isinstance(value, list) else [str(value)]
    found: list[str] = []
    for item in items or [""]:
        start = lead if not found else under
        more = under if len(items) == 1 else f"{under}  "
        found += textwrap.wrap(
            item or "(none)", width, initial_indent=start, subsequent_indent=more, break_on_hyphens=False
        )
    return found


def _width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


def _written(value: Any) -> str:
    """An answer on one line of a menu."""
    items = [written_item(item) for item in value] if isinstance(value, list) else [str(value)]
    return ", ".join(items) or "(none)"


def _checks(findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return ["Checks: passed"]
    lines = [f"{finding.severity} {finding.rule.id}: {finding.message}" for finding in findings]
    return ["Checks:", *(row for line in lines for row in textwrap.wrap(line, _width(), subsequent_indent="  "))]
