"""A decision template as a form: which question is next, and whether an answer is valid. It does not ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sotctl.decisions.answers import Question, answer_problems, complete, questions
from sotctl.documents.formats import Formats
from sotctl.documents.schema import Problem, Schema


class Form:
    """The answers so far to the questions of a template.

    An answer is text or a list; an empty one means that an optional question was skipped. `previous` keeps what is
    offered where a question is open: its answer before it was taken back, or the items of a list that is not finished.
    `examples` are values worth offering that the store knows, by field, before those of the template.
    """

    def __init__(
        self,
        schema: Schema,
        formats: Formats,
        answers: Mapping[str, Any],
        *,
        offered: Mapping[str, Any] | None = None,
        examples: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.schema, self.formats, self.examples = schema, formats, examples or {}
        self.answers: dict[str, Any] = {}
        self.previous: dict[str, Any] = dict(offered or {})
        for name, value in answers.items():
            self.put(name, value)

    def questions(self) -> list[Question]:
        """The questions that apply, in order, as the answers so far leave them."""
        values = complete(self.schema, self.answers)
        return [question for question in questions(self.schema, values) if question.applies]

    def known(self, question: Question) -> list[str]:
        """The values worth offering for a question: those of the store, then those of the template."""
        return list(dict.fromkeys([*self.examples.get(question.name, ()), *question.examples]))

    def next(self) -> Question | None:
        """The first question without an answer, or None when all is answered."""
        return next((question for question in self.questions() if question.name not in self.answers), None)

    def filled(self) -> list[tuple[str, Any]]:
        """Titles and values: of the questions that apply, and of those that the answers leave one value."""
        values = complete(self.schema, self.answers)
        asked = questions(self.schema, values)
        return [
            (question.title, values.get(question.name, ""))
            for question in asked
            if question.applies or values.get(question.name)
        ]

    def put(self, name: str, value: Any) -> None:
        """Take an answer, and take back every later one that it makes moot or wrong."""
        self.answers[name] = value
        self.previous.pop(name, None)
        applying = {question.name for question in self.questions()}
        known = {question.name for question in questions(self.schema, self.answers)}
        wrong = {str(problem.path[0]) for problem in self._problems()} - {name}
        for other in [other for other in self.answers if other in known and (other not in applying or other in wrong)]:
            self.take_back(other)

    def take_back(self, name: str) -> None:
        """Forget an answer, and keep it to be offered again."""
        if name in self.answers:
            self.previous[name] = self.answers.pop(name)

    def offer(self, name: str, value: Any) -> None:
        """Keep an unfinished answer, to be offered again."""
        self.previous[name] = value

    def problem(self, name: str, value: Any) -> str | None:
        """Why *value* is not a valid answer to *name*; None if it is."""
        candidate = {**self.answers, name: value}
        found = answer_problems(self.schema, candidate, self.formats)
        problem = next((problem for problem in found if problem.path[0] == name), None)
        return problem.message.removeprefix(f"`{name}` ") if problem else None

    def _problems(self) -> list[Problem]:
        given = answer_problems(self.schema, self.answers, self.formats)
        return [problem for problem in given if problem.keyword != "required"]
