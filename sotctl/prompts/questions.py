"""One question on the terminal: text with live validation, or a choice; with a way back and a way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import questionary
from prompt_toolkit.application import Application, get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition, has_completions, is_done
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.layout import ConditionalContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.validation import ValidationError, Validator

from sotctl.errors import InterruptedByUser
from sotctl.report.terminal import broken, columns, cut, screen_columns
from sotctl.secrets.withheld import withheld

Keep = Callable[[str], None]
KEYS = "Enter next · Shift-Tab back · Ctrl-C save and leave"
KEYS_UNSAVED = "Enter next · Ctrl-C leave"
_STYLE = questionary.Style(
    [
        *((name, "noinherit") for name in ("qmark", "bottom-toolbar", "completion-menu", "scrollbar.background")),
        *((name, "noinherit bold") for name in ("answer", "validation-toolbar")),
        *((name, "noinherit reverse") for name in ("completion-menu.completion.current", "scrollbar.button")),
    ]
)
"""The colours of the terminal itself, which are readable on any ground."""


class Move(Enum):
    """The user goes back; no answer."""

    BACK = "back"


class _Live(Validator):
    """Refuses while it is typed; the reason is in the footer, since prompt_toolkit's toolbar for it has one line."""

    def __init__(self, problem: Callable[[str], str | None]) -> None:
        self._problem = problem
        self.reason = ""

    def validate(self, document: Any) -> None:
        if reason := self._problem(document.text):
            self.reason = reason
            raise ValidationError(len(document.text), "")


class _Known(Completer):
    """The known answers: those that hold what was typed, or all of them where the user asks for them."""

    def __init__(self, values: Sequence[str]) -> None:
        self._values = values

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Each replaces the whole line."""
        typed = document.text_before_cursor
        for value in self._values:
            if complete_event.completion_requested or typed.lower() in value.lower():
                yield Completion(value, start_position=-len(typed))


def ask_text(
    title: str,
    description: str,
    problem: Callable[[str], str | None],
    *,
    default: str = "",
    examples: Sequence[str] = (),
    keys: str = KEYS,
    keep: Keep | None = None,
) -> str | Move:
    """Ask for a line of text that *problem* accepts; *keys* explains the keys.

    *examples* are known answers: they stand below an empty line from the start, and Down chooses one.
    *keep* gets typed but not entered text when the user goes back or leaves.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D.
    """
    live = _Live(problem)

    def footer() -> list[tuple[str, str]]:
        refused = get_app().current_buffer.validation_error is not None
        reason = [("bold", "\n".join([*wrapped(live.reason), ""]))] if refused else []
        return [*reason, ("", "\n".join([*wrapped(description), *wrapped(shown_keys)]))]

    shown_keys = f"Down chooses · {keys}" if examples else keys
    question = questionary.text(
        title,
        default=default,
        validate=live,
        validate_while_typing=True,
        style=_STYLE,
        completer=_Known(examples) if examples else None,
        complete_while_typing=True,
        reserve_space_for_menu=min(5, len(examples) + 1) if examples else 0,
        qmark="?",
        bottom_toolbar=footer,
    )
    answer: str | Move = _answer(question.application, keep, offers=bool(examples))
    return answer


def ask_choice(
    title: str, description: str, options: Sequence[tuple[str, str]], *, default: str = "", keys: str = KEYS
) -> str | Move:
    """Ask for one of *options*, each a value and its label; *keys* explains the keys.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D.
    """
    width = screen_columns() - len(" > ")
    choices = [questionary.Choice(cut(withheld(shown), width), value=value) for value, shown in options]
    start = next((choice for choice in choices if choice.value == default), None)
    question = questionary.select(
        title, choices=choices, default=start, instruction=" ", style=_STYLE, qmark="?", pointer=">"
    )
    answer: str | Move = _answer(_with_footer(question.application, [*wrapped(description), *wrapped(keys)]))
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A line of a checklist: its value, its text and a note below it; one that `is_done` cannot be marked."""

    value: int
    text: str
    note: str = ""
    is_done: bool = False


def ask_checks(title: str, description: str, checks: Sequence[Check], *, keys: str) -> list[int] | Move:
    """Ask which lines of a checklist hold; none is marked at the start.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D.
    """
    choices = [
        questionary.Choice(_check_text(check), value=check.value, disabled=check.note if check.is_done else None)
        for check in checks
    ]
    question = questionary.checkbox(title, choices=choices, instruction=" ", style=_STYLE, qmark="?", pointer=">")
    answer: list[int] | Move = _answer(_with_footer(question.application, [*wrapped(description), *wrapped(keys)]))
    return answer


def _check_text(check: Check) -> str:
    """The line of a checklist, broken to the screen; its note stands below it."""
    width = columns() - 6
    lines = broken(withheld(check.text), width, whole=False)
    if check.note and not check.is_done:
        lines += broken(f"({check.note})", width, whole=False)
    return "\n      ".join(lines)


def _with_footer(application: Application[Any], lines: Sequence[str]) -> Application[Any]:
    footer = Window(FormattedTextControl("\n".join(lines)), height=len(lines), style="class:bottom-toolbar")
    application.layout = Layout(HSplit([application.layout.container, ConditionalContainer(footer, ~is_done)]))
    return application


def _answer(application: Application[Any], keep: Keep | None = None, *, offers: bool = False) -> Any:
    """Run one question; with *offers*, known answers stand below an empty line, and Down chooses among all of them."""
    keys = KeyBindings()

    def kept(event: KeyPressEvent) -> None:
        if keep is not None:
            keep(event.app.current_buffer.text)

    @keys.add("s-tab", eager=True)
    def back(event: KeyPressEvent) -> None:
        kept(event)
        event.app.exit(result=Move.BACK)

    @keys.add("c-c", eager=True)
    @keys.add("c-d", eager=True)
    def leave(event: KeyPressEvent) -> None:
        kept(event)
        event.app.exit(exception=EOFError)

    @keys.add("down", filter=~has_completions & Condition(lambda: offers))
    def choose(event: KeyPressEvent) -> None:
        event.current_buffer.start_completion(
            select_first=True, complete_event=CompleteEvent(completion_requested=True)
        )

    def begin() -> None:
        if offers and not get_app().current_buffer.text:
            get_app().current_buffer.start_completion()

    application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), keys])
    application.erase_when_done = False
    try:
        return application.run(pre_run=begin)
    except (KeyboardInterrupt, EOFError):
        raise InterruptedByUser("interrupted; nothing was written") from None


def wrapped(text: str) -> list[str]:
    """*text* broken to the width of the terminal."""
    return broken(withheld(text), columns() - 1, whole=False) if text else []
