"""A template of a store can be used, and takes nothing out of governance."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents import layout
from sotctl.documents.layout import SCHEMA_SUFFIX
from sotctl.errors import Command
from sotctl.findings import Finding, RejectedError


def check(change: ChangeSet) -> Iterator[Finding]:
    """Load every template that the change adds or rewrites, and those that `[decisions]` names."""
    yield from _unknown(change)
    folder = f"{change.after.store}/{layout.TEMPLATES}/"
    for path in sorted(change.changed):
        if not path.startswith(folder) or change.after.read(path) is None:
            continue
        name = path.removeprefix(folder)
        problem = change.after.templates.problems.get(name)
        if "/" in name and name.endswith(SCHEMA_SUFFIX):
            problem = f"{name} lies in a folder, and is not used; templates lie right in {folder}"
        if problem:
            yield RULE.finding(path, problem, f"{change.restoring(path)}, or correct the template")


def _unknown(change: ChangeSet) -> Iterator[Finding]:
    if change.configuration not in change.changed:
        return
    templates = change.after.templates
    with contextlib.suppress(RejectedError):  # reported as configuration-invalid
        for name in change.new_policy().decisions:
            if name not in templates.kinds() or "x-decides" not in templates.schema(name).root:
                message = f"`[decisions]` names `{name}`, and there is no such decision template"
                yield RULE.finding(change.configuration, message, Command("sotctl schema"))


RULE = PolicyRule(
    id="template-invalid",
    summary="A template of a store can be used, and takes nothing out of governance.",
    why="A template decides which issues are governed, and how; a broken one leaves every check without its schema.",
    fix="Correct the template; one that overrides a shipped template keeps its x-decides, x-names and x-derives.",
    check=check,
)
