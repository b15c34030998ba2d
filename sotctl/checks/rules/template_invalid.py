"""A template of a store can be used, and takes nothing out of governance."""

from __future__ import annotations

from collections.abc import Iterator

from sotctl.checks.change import ChangeSet, PolicyRule
from sotctl.documents import layout
from sotctl.documents.templates import SUFFIX
from sotctl.findings import Finding, at


def check(change: ChangeSet) -> Iterator[Finding]:
    """Load every template that the change adds or rewrites."""
    folder = f"{change.after.store}/{layout.TEMPLATES}/"
    for path in sorted(change.changed):
        if not path.startswith(folder) or change.after.read(path) is None:
            continue
        name = path.removeprefix(folder)
        problem = change.after.templates.problem(name)
        if "/" in name and name.endswith(SUFFIX):
            problem = f"{name} lies in a folder, and is not used; templates lie right in {folder}"
        if problem:
            fix = f"{change.restoring(path)}, or correct the template"
            yield Finding(rule=RULE, location=at(path), message=problem, fix=fix)


RULE = PolicyRule(
    id="template-invalid",
    summary="A template of a store can be used, and takes nothing out of governance.",
    why="A template decides which issues are governed, and how; a broken one leaves every check without its schema.",
    fix="Correct the template; one that overrides a shipped template keeps its x-decides, x-names and x-derives.",
    check=check,
)
