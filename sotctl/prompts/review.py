"""The review: everything that would be written; Enter alone approves nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import click

from sotctl.decisions.answers import written_item
from sotctl.findings import Finding, refuses
from sotctl.prompts.ask import Save, fill
from sotctl.prompts.confirm import agrees
from sotctl.prompts.form import Form
from sotctl.prompts.questions import KEYS, Move, ask_choice, ask_text, wrapped
from sotctl.report.terminal import broken, columns, cut, screen_lines, style
from sotctl.secrets import scan_text
from sotctl.secrets.withheld import withheld

RATIONALE = "rationale"
"""The answer that becomes a section of the body; it is written in an editor."""

_UNWRITTEN = "Nothing has been written yet."


class Decided(Enum):
    """How a review ends."""

    APPROVED = "approved"
    LEFT = "left"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the answers would write, its findings, and the consequences.

    `is_whole` says that the diff shows the admission whole; `missing` says what a run needs besides. `approval` are
    the words that have to be typed; `approves` says that they approve something.
    """

    diff: str
    admission: str
    is_whole: bool
    findings: Sequence[Finding]
    consequence: str
    approval: str
    approves: bool
    missing: str = ""


def review(form: Form, preview: Callable[[dict[str, Any]], Preview], save: Save) -> Decided:
    """Show what would be written until the user approves, leaves or discards.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D; the answers are saved.
    """
    said = ""
    while True:
        fill(form, save)
        shown = preview(form.answers)
        options = _options(form, shown)
        print(withheld(_summary(form, shown, _room(options), said)))
        choice = ask_choice("What now?", _UNWRITTEN, options)
        if choice == "approve" and _typed_again(shown):
            return Decided.APPROVED
        if choice == "leave":
            return Decided.LEFT
        if choice == "discard" and agrees("Discard the answers?", "They are kept nowhere else."):
            return Decided.DISCARDED
        if choice == "diff":
            click.echo_via_pager(withheld(_details(shown)))
        said = _write_rationale(form, save) if choice == "rationale" else ""
        if choice == "change":
            _jump(form)
        elif isinstance(choice, Move):
            form.take_back(form.questions()[-1].name)


def _options(form: Form, shown: Preview) -> list[tuple[str, str]]:
    deed = "Approve" if shown.approves else "Record it"
    approve = [("approve", f"{deed}: type {shown.approval}")] if not refuses(shown.findings) else []
    rationale = "Change the rationale" if form.answers.get(RATIONALE) else "Write a rationale"
    return [
        ("change", "Change an answer"),
        *approve,
        ("diff", "Show the exact diff and the admission"),
        ("rationale", f"{rationale}, in your editor"),
        ("leave", "Save and leave"),
        ("discard", "Discard the answers"),
    ]


def _write_rationale(form: Form, save: Save) -> str:
    """Let the user edit the text; where the editor gives none, it stays as it was, and the reason is returned."""
    before = str(form.answers.get(RATIONALE, ""))
    try:
        after = click.edit(before, extension=".md")
    except click.ClickException as error:
        return f"The editor could not be used: {error.message}. The rationale is as it was."
    if after is None or not after.strip():
        return "Nothing was saved in the editor. The rationale is as it was."
    if scan_text(after):
        return "The text holds what looks like a secret, so it was not kept."
    form.put(RATIONALE, after.strip())
    save(form)
    return ""


def _typed_again(shown: Preview) -> bool:
    """Ask for the exact words; going back does not approve."""
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


def _summary(form: Form, shown: Preview, room: int, said: str) -> str:
    """What is decided, in *room* lines: the answers, what it supersedes and revokes, the checks, and what was *said*.

    Where they do not fit, each answer has one line; where that is still too much, the last are counted. All of them are
    behind the choices.
    """
    filled = [(title, value) for title, value in form.filled() if value]
    outcome = [*(wrapped(shown.consequence) if shown.consequence else []), *_checks(shown.findings)]
    outcome += wrapped(f"Warning: {shown.missing}") if shown.missing else []
    outcome += wrapped(said) if said else []
    answers = [line for title, value in filled for line in rows(title, _shortened(value))]
    if len(answers) + len(outcome) > room - 2:
        answers = [_on_one_line(title, value) for title, value in filled]
    if (hidden := len(answers) + len(outcome) - room) > 0:
        answers = answers[: -hidden - 1]
        answers.append(f"and {len(filled) - len(answers)} more: Change an answer")
    spare = room - len(answers) - len(outcome)
    parts = [*answers, *([_rule()] if spare > 0 else []), *outcome, *([""] if spare > 1 else [])]
    return "\n".join(parts)


def _room(options: Sequence[tuple[str, str]]) -> int:
    """How many lines of the screen the choices below the summary leave."""
    return max(screen_lines() - 1 - len(options) - len(wrapped(_UNWRITTEN)) - len(wrapped(KEYS)), 1)


def _on_one_line(title: str, value: Any) -> str:
    """An answer on one line, cut to the screen."""
    return cut(f"{_lead(title)}{' '.join(_written(value).split())}", _width())


def _shortened(value: Any) -> Any:
    """An answer as the summary shows it: of a long text only its beginning, as the whole is behind a choice."""
    return cut(value, 2 * (_width() - 25)) if isinstance(value, str) else value


def _details(shown: Preview) -> str:
    """The exact diff of every file, and the admission whole where the diff does not show it so."""
    lines = [_coloured(line) for line in shown.diff.rstrip("\n").split("\n")]
    if shown.admission and not shown.is_whole:
        lines += ["", "The admission, as it will be:", "", *shown.admission.rstrip("\n").split("\n")]
    return "\n".join([*lines, ""])


def _coloured(line: str) -> str:
    """A line of a diff; the sign at its beginning says without colour what it is."""
    if line.startswith(("+++", "---", "@@")):
        return style(line, "heading")
    name = {"+": "added", "-": "removed"}.get(line[:1])
    return style(line, name) if name else line


def _rule() -> str:
    width = _width()
    return "─" * width if (sys.stdout.encoding or "").lower().startswith("utf") else "-" * width


def rows(title: str, value: Any) -> list[str]:
    """An answer behind the title of its question, each item of a list on a line of its own."""
    width, lead = _width(), _lead(title)
    under = " " * (25 if width >= 60 else 2)
    items = [written_item(item) for item in value] if isinstance(value, list) else [str(value)]
    found: list[str] = []
    for item in items or [""]:
        start = lead if not found else under
        more = under if len(items) == 1 else f"{under}  "
        found += broken(" ".join(item.split()) or "(none)", width, start, more, whole=False)
    return found


def _lead(title: str) -> str:
    return f"{title:<24} " if _width() >= 60 else f"{title}: "


def _width() -> int:
    return columns()


def _written(value: Any) -> str:
    """An answer on one line of a menu."""
    items = [written_item(item) for item in value] if isinstance(value, list) else [str(value)]
    return ", ".join(items) or "(none)"


def _checks(findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return ["Checks: passed"]
    lines = [f"{finding.severity} {finding.rule.id}: {finding.message}" for finding in findings]
    return ["Checks:", *(row for line in lines for row in broken(line, _width(), "", "  ", whole=False))]
