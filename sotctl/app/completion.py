"""What the shell may complete besides verbs and options; where there is no store, nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from sotctl.errors import SotError

if TYPE_CHECKING:
    from sotctl.documents.snapshot import Snapshot

COMPLETE_VARIABLE = "_SOTCTL_COMPLETE"
Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def _quiet(values: Callable[[], Iterable[str]]) -> Complete:
    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
        try:
            return [value for value in values() if value.startswith(incomplete)]
        except SotError:
            return []

    return complete


def _library() -> Snapshot:
    from sotctl.store.store import open_store

    return open_store().snapshot()


def _rules() -> Iterable[str]:
    from sotctl.checks.run import explanations

    return list(explanations())


issues = _quiet(lambda: [issue.id for issue in _library().issues()])
statuses = _quiet(lambda: list(_library().policy.moves))
kinds = _quiet(lambda: _library().templates.kinds())
rules = _quiet(_rules)
issues_and_statuses = _quiet(lambda: [*(issue.id for issue in _library().issues()), *_library().policy.moves])
