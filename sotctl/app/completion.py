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


def _snapshot() -> Snapshot:
    from sotctl.store.store import open_store

    return open_store().snapshot()


def _rules() -> Iterable[str]:
    from sotctl.checks.run import explanations

    return list(explanations())


def _names() -> Iterable[str]:
    from sotctl.app.names import all_named

    return [one.name for one in all_named(_snapshot())]


def _pairs() -> Iterable[str]:
    from sotctl.admissions.derive import admissions

    return ["/".join(one.pair) for one in admissions(_snapshot())]


issues = _quiet(lambda: [issue.id for issue in _snapshot().issues()])


def _decidable() -> Iterable[str]:
    snapshot = _snapshot()
    return [issue.id for issue in snapshot.issues() if snapshot.templates.deciding(issue.id)]


decidable = _quiet(_decidable)
statuses = _quiet(lambda: list(_snapshot().policy.moves))
kinds = _quiet(lambda: _snapshot().templates.kinds())
rules = _quiet(_rules)
issues_and_statuses = _quiet(lambda: [*(issue.id for issue in _snapshot().issues()), *_snapshot().policy.moves])
names = _quiet(_names)
pairs = _quiet(_pairs)


def blockers(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The numbers of the open blockers of the issue that the command line names."""
    from sotctl.issues.moves import open_blockers

    try:
        snapshot = _snapshot()
        found = snapshot.find_issue(str(ctx.params.get("issue_id", "")))
    except SotError:
        return []
    numbers = [str(bullet.number) for bullet, _ in open_blockers(snapshot, found[1])] if found else []
    return [number for number in numbers if number.startswith(incomplete)]
