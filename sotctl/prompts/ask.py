"""Walks through a form: one question after the other, back and forth, until everything is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sotctl.decisions.answers import Question, read_item, written_item
from sotctl.errors import InterruptedByUser
from sotctl.prompts.form import Form
from sotctl.prompts.questions import Move, ask_choice, ask_text

Save = Callable[[Form], None]


def fill(form: Form, save: Save) -> None:
    """Ask every question that is open; each answer is saved as it is given.

    Raises:
        InterruptedByUser: Ctrl-C or Ctrl-D; what was answered is saved.
    """
    while question := form.next():
        try:
            answer = _ask(form, question, save)
        except InterruptedByUser:
            if form.answers or form.previous:
                save(form)
            raise
        if isinstance(answer, Move):
            if before := _question_before(form, question):
                form.take_back(before)
        else:
            form.put(question.name, answer)
        save(form)


def _question_before(form: Form, question: Question) -> str | None:
    answered = [other.name for other in form.questions() if other.name in form.answers]
    return answered[-1] if answered else None


def _ask(form: Form, question: Question, save: Save) -> Any:
    before = form.previous.get(question.name)
    if question.options:
        chosen = before if isinstance(before, str) else question.default
        return ask_choice(
            question.title, question.description, [(value, value) for value in question.options], default=chosen
        )
    if question.kind == "array":
        return _ask_list(form, question, before if isinstance(before, list) else [], save)
    default = before if isinstance(before, str) else ""
    return ask_text(
        question.title,
        question.description,
        lambda text: form.problem(question.name, text),
        default=default,
        examples=form.known(question),
        keep=lambda text: _keep(form, question.name, text),
    )


def _keep(form: Form, name: str, text: str) -> None:
    """Offer typed but not entered text when the question is asked again."""
    if text.strip():
        form.offer(name, text)


def _ask_list(form: Form, question: Question, before: list[Any], save: Save) -> list[Any] | Move:
    """Ask for one item after the other, and save the list after each; an empty line ends it.

    The items there were are offered in turn. Going back offers the item before again; clearing one takes it out.
    """
    items: list[Any] = []
    ahead = list(before)

    def problem(text: str) -> str | None:
        if not text and len(ahead) > 1:  # the list continues after the removed item
            return None
        return form.problem(question.name, [*items, read_item(form.schema, question.name, text)] if text else items)

    def keep(text: str) -> None:
        typed = [read_item(form.schema, question.name, text)] if text.strip() else []
        form.offer(question.name, [*items, *typed, *ahead[1:]])

    while True:
        ending = "Clear the line to take this one out." if ahead else "One at a time; an empty line ends the list."
        offered = written_item(ahead[0]) if ahead else ""
        title = f"{question.title} {len(items) + 1}"
        examples = [example for example in form.known(question) if example not in (*items, offered)]
        answer = ask_text(
            title, f"{question.description} {ending}", problem, default=offered, examples=examples, keep=keep
        )
        if isinstance(answer, Move):
            if not items:
                return answer
            ahead.insert(0, items.pop())
        else:
            if not answer and not ahead:
                return items
            ahead = ahead[1:]
            if answer:
                items.append(read_item(form.schema, question.name, answer))
        form.offer(question.name, [*items, *ahead])
        save(form)
